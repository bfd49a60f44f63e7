import { runtime } from "@pulumi/pulumi";

/** Whether every text in a value stands in the stack's configuration, alone or inside an object of it. A value that is not known yet does. */
export function fromElsewhere(value: unknown): boolean {
  const configured = new Set(
    Object.values(runtime.allConfig()).flatMap((text) => [text, ...leaves(parsed(text))]),
  );
  return leaves(value).every((text) => configured.has(text));
}

function leaves(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(leaves);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
