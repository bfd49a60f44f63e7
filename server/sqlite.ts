/** Node's SQLite without its notice that the module is young, which would only puzzle users of the commands. */
export function sqlite(): typeof import("node:sqlite") {
  const emit = process.emitWarning;
  process.emitWarning = () => {};
  try {
    return require("node:sqlite");
  } finally {
    process.emitWarning = emit;
  }
}
