/** Type tokens of a resource behind the two doors. @param name of the resource */
export function typesOf(name: string) {
  return { dynamic: `pulumi-nodejs:dynamic/clevertap:${name}`, plugin: `clevertap:index:${name}` } as const;
}
