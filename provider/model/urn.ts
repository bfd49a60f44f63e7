/** The parts of a URN, `urn:pulumi:<stack>::<project>::<types, parents first>::<name>`. A name can hold `::` too. */
export function partsOf(urn: string) {
  const [stack = "", project = "", types = "", ...name] = urn.replace(/^urn:pulumi:/, "").split("::");
  return { stack, project, types: types.split("$"), name: name.join("::") };
}

/** The resource's name in the program; what is no URN as it is. */
export function nameOf(urn: string): string {
  return partsOf(urn).name || urn;
}
