import { CommandFailed, command, UsageError } from "../../cli/command";
import { main } from "../../cli/main";

let printed: string[];
let complained: string[];

beforeEach(() => {
  printed = [];
  complained = [];
  jest.spyOn(console, "log").mockImplementation((text) => void printed.push(String(text)));
  jest.spyOn(console, "error").mockImplementation((text) => void complained.push(String(text)));
});
afterEach(() => jest.restoreAllMocks());

const COMMANDS = [
  ["sandbox"],
  ["campaign"],
  ["sandbox", "campaign"],
  ["verify"],
  ["orphans"],
  ["import-file"],
];

describe.each(COMMANDS)("%s %s", (...name) => {
  const words = name.filter((word) => word !== undefined);

  test.each([
    ["an unknown flag", ["--canary"]],
    ["an unknown short flag", ["-x"]],
    ["an argument that is no option", ["canary-A0123456789abcdef"]],
    ["a value for a flag that takes none", ["--help=yes"]],
  ])("%s: 2, with the help", async (_, wrong) => {
    expect(await main([...words, ...wrong])).toBe(2);
    expect(complained.join()).toContain("Usage:");
    expect(complained.join()).not.toContain("A0123456789abcdef");
    expect(printed).toEqual([]);
  });

  test("--help: 0", async () => {
    expect(await main([...words, "--help"])).toBe(0);
    expect(printed.join()).toContain("Usage:");
  });
});

test.each([
  [["sandbox", "--port", "x"]],
  [["sandbox", "--print", "xml"]],
  [["campaign"]],
  [["campaign", "--number", "919999999999"]],
  [["campaign", "--number", "919999999999", "--url", "http://127.0.0.1:1", "--recipients", "0"]],
  [["campaign", "--number", "919999999999", "--url", "canary"]],
  [["campaign", "--number"]],
  [["verify", "--stack", "dev"]],
])("%j: a wrong argument is 2, with the help", async (argv) => {
  expect(await main(argv)).toBe(2);
  expect(complained.join()).toContain("Usage:");
});

test("an unknown command is 2, and what may be a slip of the clipboard is not repeated", async () => {
  expect(await main(["canary-A0123456789abcdef"])).toBe(2);
  expect(complained.join()).not.toContain("canary");
});

describe("what a command throws", () => {
  const failing = (error: unknown) =>
    command({ help: "Usage: x", options: {}, failed: 2, run: () => Promise.reject(error) })([]);

  test("a usage error is told with the help", async () => {
    expect(await failing(new UsageError("No."))).toBe(2);
    expect(complained).toEqual(["No.\n\nUsage: x"]);
  });

  test("our own text is told", async () => {
    expect(await failing(new CommandFailed("It is gone."))).toBe(2);
    expect(complained).toEqual(["It is gone."]);
  });

  test("a foreign text is not: it may quote a secret", async () => {
    const foreign = () => JSON.parse("canary-A0123456789abcdef");
    expect(foreign).toThrow(/canary/);
    expect(await command({ help: "", options: {}, failed: 1, run: async () => foreign() })([])).toBe(1);
    expect(complained.join()).toContain("[internal-error]");
    expect(complained.join()).not.toContain("canary");
  });
});
