import * as pulumi from "@pulumi/pulumi";

const given = new WeakMap<object, Set<string>>();

/** Warnings of a topic, once for each program: the Automation API runs several in one process. */
export function warnOnce(topic: string, lines: () => readonly string[]): void {
  const stack = pulumi.runtime.getStackResource();
  if (!stack) return;
  const topics = given.get(stack) ?? new Set();
  if (topics.has(topic)) return;
  given.set(stack, topics.add(topic));
  for (const line of lines()) pulumi.log.warn(line);
}
