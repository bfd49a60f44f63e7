/** A failure whose message is all that a user needs: it is printed without a stack. */
export class SetupProblem extends Error {
  name = "SetupProblem";
}
