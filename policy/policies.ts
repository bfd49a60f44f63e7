import type {
  Policies,
  PolicyConfigSchema,
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { resourceOfType, stackOfUrn } from "../audit/resource";
import { RULES } from "../audit/rules";
import {
  type Declared,
  foreignCountry,
  isDefault,
  otherNickname,
  plainHttp,
  unprotectedDefault,
} from "../audit/rules/shared";
import { fromElsewhere } from "./credentials";

/**
 * The policies. What `audit check` finds in a state too is the same code under the same id; a policy sees it before it
 * happens. A policy sees secrets in clear: no message quotes a value.
 */
export const POLICIES: Policies = [
  sharedPolicy("plain-http", plainHttp),
  sharedPolicy("unprotected-default", unprotectedDefault),
  sharedPolicy("country", (resource, { codes }) => foreignCountry(resource, codes), {
    codes: {
      type: "array",
      items: { type: "string", pattern: "^[0-9]+$" },
      default: [],
    },
  }),
  sharedPolicy("nickname", (resource, { pattern }) => otherNickname(resource, pattern), {
    pattern: { type: "string", default: "" },
  }),
  defaultsOfStacks(),
  twoDefaults(),
  credentialsFromConfiguration(),
];

interface Config {
  readonly codes: readonly string[];
  readonly pattern: string;
}

/** A policy of a rule that `audit check` has too. */
function sharedPolicy(
  id: string,
  faults: (resource: Declared, config: Config) => string[],
  properties?: PolicyConfigSchema["properties"],
): ResourceValidationPolicy {
  return {
    ...described(id),
    ...(properties && { configSchema: { properties } }),
    validateResource: (args, report) => {
      const resource = declared(args);
      if (resource) for (const fault of faults(resource, args.getConfig<Config>())) report(told(fault, id));
    },
  };
}

function described(id: string) {
  const { about, severity } = ruleOf(id);
  return {
    name: id,
    description: `Against ${about}.`,
    enforcementLevel: severity === "error" ? ("mandatory" as const) : ("advisory" as const),
  };
}

function ruleOf(id: string) {
  const rule = RULES[id];
  if (rule === undefined) throw new Error(`there is no rule ${id}`);
  return rule;
}

/** What is wrong, and what to do. */
function told(fault: string, id: string, remedy = ruleOf(id).remedy): string {
  return `${fault}. ${remedy}. [${id}]`;
}

/** A resource of this package as the shared rules look at it. @returns undefined where it is of another */
function declared(args: ResourceValidationArgs | PolicyResource): Declared | undefined {
  const resource = resourceOfType(args.type);
  return (
    resource && { ...resource, value: (name) => known(args.props, name), isProtected: args.opts.protect }
  );
}

/** A value that is known: reading an unknown one throws. */
function known(props: Record<string, unknown>, name: string): unknown {
  try {
    return props[name];
  } catch {
    return undefined;
  }
}

/** Only these stacks may own the default of an account. */
function defaultsOfStacks(): ResourceValidationPolicy {
  return {
    name: "default-owner",
    description:
      "Against a default provider in a stack that is not to own it, so that no two stacks take it from each other.",
    enforcementLevel: "mandatory",
    configSchema: {
      properties: { stacks: { type: "array", items: { type: "string" }, default: [] } },
    },
    validateResource: (args, report) => {
      const resource = declared(args);
      const { stacks } = args.getConfig<{ stacks: readonly string[] }>();
      if (!resource || !isDefault(resource) || stacks.length === 0 || stacks.includes(stackOfUrn(args.urn)))
        return;
      report(
        told(
          "this stack is not one of those that may own an account's default provider",
          "default-owner",
          "Leave markAsDefault out, or add the stack to the policy's stacks",
        ),
      );
    },
  };
}

/** Two in one stack. */
function twoDefaults(): StackValidationPolicy {
  const id = "two-defaults";
  return {
    ...described(id),
    validateStack: ({ resources }, report) => {
      const defaults = resources.filter((one) => {
        const resource = declared(one);
        return resource && isDefault(resource);
      });
      const byAccount = Map.groupBy(defaults, ({ props }) => known(props, "account"));
      for (const group of byAccount.values())
        if (group.length > 1)
          for (const { urn } of group)
            report(
              told("another provider of this stack is to be the default of the same account too", id),
              urn,
            );
    },
  };
}

/** Credentials that stand in the program. */
function credentialsFromConfiguration(): StackValidationPolicy {
  const id = "credentials-from-config";
  return {
    name: id,
    description:
      "Against a credential that stands in the program, where everybody who can read the repository reads it.",
    enforcementLevel: "mandatory",
    validateStack: ({ resources }: StackValidationArgs, report) => {
      for (const resource of resources)
        for (const name of literalSecrets(resource))
          report(
            told(
              `${name} comes neither from the stack's configuration nor from another resource`,
              id,
              `Run pulumi config set --secret ${name}, read it with config.requireSecret("${name}"), and rotate it: it was in the program`,
            ),
            resource.urn,
          );
    },
  };
}

function literalSecrets({ type, props, propertyDependencies }: PolicyResource): string[] {
  const secrets = resourceOfType(type)?.properties.filter(({ secret }) => secret) ?? [];
  return secrets
    .map(({ name }) => name)
    .filter((name) => (propertyDependencies[name] ?? []).length === 0 && !fromElsewhere(known(props, name)));
}
