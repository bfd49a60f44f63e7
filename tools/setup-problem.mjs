/** A failure whose message is all that a user needs: it is printed without a stack. */
export class SetupProblem extends Error {
  name = "SetupProblem";
}

/**
 * What the first way that works gives.
 *
 * @template T
 * @param {[string, () => Promise<T>][]} ways each with its name
 * @returns {Promise<T>}
 * @throws {SetupProblem} when all fail with one: a line of name and reason for each
 */
export async function firstThatWorks(ways) {
  const tried = [];
  for (const [name, way] of ways) {
    try {
      return await way();
    } catch (error) {
      if (!(error instanceof SetupProblem)) throw error;
      tried.push(`${name}: ${error.message.replaceAll("\n", "\n  ")}`);
    }
  }
  throw new SetupProblem(tried.join("\n"));
}
