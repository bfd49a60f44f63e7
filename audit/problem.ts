/** Why something can't be audited. The text is ours: it names the file and says what to do, and quotes nothing of its content. */
export class AuditProblem extends Error {
  override readonly name = "AuditProblem";
}
