import { existsSync } from "node:fs";
import { cp, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { engineEnvironment } from "./environment.cjs";
import { attach, capture, tail, which } from "./execute.mjs";
import { demoFolder, repository } from "./paths.mjs";
import { stage } from "./progress.mjs";
import { setUpEngine, setUpPackage } from "./setup.mjs";
import { SetupProblem } from "./setup-problem.mjs";
import { engineArguments } from "./start.mjs";

const examples = join(repository, "examples");
const stack = "dev";

/** What somebody made in the dashboard before the example runs. */
function byHand(sandbox) {
  const mobileNumber = "919999999999";
  if (sandbox.providers().length === 0) sandbox.createProvider({ mobileNumber, nickname: "By hand" });
}
const standsBefore = { "adopt-existing": byHand, "look-up": byHand };

/** What every example reads, and the second account of the one that has two. */
function settings(sandbox, name) {
  const [first, second] = sandbox.accounts;
  const further =
    name === "two-accounts"
      ? {
          "clevertap:accounts.emea.accountId": { value: second.id },
          "clevertap:accounts.emea.passcode": { value: second.passcode, secret: true },
        }
      : {};
  return {
    "clevertap:endpoint": { value: sandbox.endpoint },
    "clevertap:accountId": { value: first.id },
    "clevertap:passcode": { value: first.passcode, secret: true },
    httpEndpoint: { value: sandbox.httpEndpoint },
    kaleyraHost: { value: sandbox.kaleyraHost },
    incomingBaseUrl: { value: sandbox.incomingBaseUrl },
    apiKey: { value: sandbox.kaleyra.apiKey, secret: true },
    sid: { value: sandbox.kaleyra.sid, secret: true },
    ...further,
  };
}

/** The example as a project of its own with the package installed, as a user has it. */
async function copyProject(name, project) {
  await cp(join(examples, name), project, { recursive: true });
  const modules = join(project, "node_modules");
  await rm(modules, { recursive: true, force: true });
  await mkdir(join(modules, "@pulumi"), { recursive: true });
  await symlink(repository, join(modules, "pulumi-clevertap-whatsapp"));
  for (const other of ["@pulumi/pulumi", "typescript"])
    await symlink(join(repository, "node_modules", other), join(modules, other));
  await writeFile(join(project, "package.json"), JSON.stringify({ name, private: true }));
}

/** Its sandbox, at the same address every time: the stack's state holds it. */
async function ownSandbox(dataDir) {
  const require = createRequire(import.meta.url);
  const { startSandbox } = require(join(repository, "dist/sandbox/index.js"));
  const { rememberedPort, rememberPort } = require(join(repository, "dist/cli/port-file.js"));
  await mkdir(dataDir, { recursive: true });
  const port = await rememberedPort(dataDir);
  const sandbox = await startSandbox({ dataDir, port }).catch((error) => {
    throw new SetupProblem(`The example's sandbox did not start: ${error.message}`);
  });
  await rememberPort(dataDir, sandbox.url);
  return sandbox;
}

/** A new stack gets the sandbox's values; what the user changes in an old one stays so. */
async function prepareStack(pulumi, env, project, values) {
  const isNew = !existsSync(join(project, `Pulumi.${stack}.yaml`));
  const run = async (...args) => {
    const result = await capture(pulumi, [...args, "--non-interactive"], { cwd: project, env });
    if (result.code !== 0) throw new SetupProblem(`The stack could not be prepared:\n${tail(result)}`);
  };
  await run("stack", "select", "--create", stack);
  const pairs = Object.entries(values).flatMap(([key, { value, secret }]) => [
    secret ? "--secret" : "--plaintext",
    `${key}=${value}`,
  ]);
  if (isNew) await run("config", "set-all", "--path", ...pairs);
}

/**
 * `npm run example NAME`: the engine on an example, against a sandbox of its own.
 *
 * @param {string[]} args the example's name and the engine's arguments, by default `up --yes`
 * @returns {Promise<number>} the engine's exit code
 */
export async function example([name = "", ...typed]) {
  const known = (await readdir(examples)).filter((entry) => existsSync(join(examples, entry, "Pulumi.yaml")));
  if (!known.includes(name)) throw new SetupProblem(`npm run example NAME, one of: ${known.join(", ")}`);
  if (name === "python")
    throw new SetupProblem("The Python example needs a generated package: see docs/doors.md.");
  await setUpPackage();
  const { path, compileCache } = await setUpEngine({ yaml: name === "yaml" });
  const folder = join(demoFolder, "examples", name);
  const [project, home, state] = ["project", "home", "state"].map((part) => join(folder, part));
  for (const made of [project, home, state]) await mkdir(made, { recursive: true });
  await copyProject(name, project);
  const sandbox = await ownSandbox(join(folder, "sandbox"));
  try {
    standsBefore[name]?.(sandbox);
    const env = engineEnvironment({ home, state, path, compileCache });
    const pulumi = which("pulumi", path);
    await stage("Preparing the stack", () => prepareStack(pulumi, env, project, settings(sandbox, name)));
    const file = join(project, `Pulumi.${stack}.yaml`);
    const args = engineArguments(typed, Boolean(process.stdin.isTTY), file);
    return await attach(pulumi, args, { cwd: project, env });
  } finally {
    await sandbox.close();
  }
}
