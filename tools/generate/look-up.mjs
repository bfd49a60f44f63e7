/** What a look-up finds of a resource, by its table: for the types and for the schema. */

/** The resources that a program can look up. */
export const LOOKED_UP = ["WhatsAppProvider"];

/** Everything that can be read, so no secret. */
export function isFound(name, p) {
  if (p.secret || p.writeOnly || name === "credentialFingerprint") return false;
  return p.role !== "argument" || Boolean(p.member || p.header);
}

/** Whether every object has it. One made by hand may lack a header, and the mark. */
export function isSure(p) {
  if (p.role !== "argument") return !p.mayBeAbsent;
  return Boolean(p.member) && (Boolean(p.required) || p.default !== undefined);
}
