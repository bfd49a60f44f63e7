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
  ["wait"],
  ["import-file"],
  ["audit", "diff"],
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
  [["wait", "--timeout", "soon"]],
  [["wait", "--timeout", "-1"]],
])("%j: a wrong argument ends with 2 and the help", async (argv) => {
  expect(await main(argv)).toBe(2);
  expect(complained.join()).toContain("Usage:");
});

test("an unknown command ends with 2, and its name, which may be a pasted secret, is not repeated", async () => {
  expect(await main(["canary-A0123456789abcdef"])).toBe(2);
  expect(complained.join()).not.toContain("canary");
});

describe("an error of a command", () => {
  const failing = (error: unknown) =>
    command({ help: "Usage: x", options: {}, failed: 2, run: () => Promise.reject(error) })([]);

  test("a wrong argument: the message and the help", async () => {
    expect(await failing(new UsageError("No."))).toBe(2);
    expect(complained).toEqual(["No.\n\nUsage: x"]);
  });

  test("a text of ours: the message", async () => {
    expect(await failing(new CommandFailed("It is gone."))).toBe(2);
    expect(complained).toEqual(["It is gone."]);
  });

  test("a foreign text may quote a secret: only its kind", async () => {
    const foreign = () => JSON.parse("canary-A0123456789abcdef");
    expect(foreign).toThrow(/canary/);
    expect(await command({ help: "", options: {}, failed: 1, run: async () => foreign() })([])).toBe(1);
    expect(complained.join()).toContain("[internal-error]");
    expect(complained.join()).not.toContain("canary");
  });
});
