import { campaignCommand } from "../../cli/campaign";
import { withServer } from "../support/http-server";

/** The command's output with a server that gives this answer in place of the sandbox. */
async function printedFor(status: number, body: string): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  for (const name of ["log", "error"] as const)
    jest.spyOn(console, name).mockImplementation((...parts: unknown[]) => void lines.push(parts.join(" ")));
  try {
    return await withServer(
      (_, response) => response.writeHead(status).end(body),
      async (url) => {
        const code = await campaignCommand(["--number", "919999999999", "--url", url]);
        return { code, text: lines.join("\n").replaceAll(url, "URL") };
      },
    );
  } finally {
    jest.restoreAllMocks();
  }
}

test("an address that is no sandbox: the message quotes nothing of its answer", async () => {
  expect(await printedFor(200, "<html>canary")).toEqual({
    code: 1,
    text: "What answers at URL is not the sandbox (HTTP 200).",
  });
});

test("nothing of an answer moves the cursor", async () => {
  const detail = "No\u001b[2J provider\nhas it.";
  expect(await printedFor(404, JSON.stringify({ detail }))).toEqual({
    code: 1,
    text: "No[2J provider has it.",
  });
  const counts = { recipients: 1, accepted: 0, refused: 1, sent: 0, delivered: 0, read: 0, failed: 0 };
  const hostile = JSON.stringify({ ...counts, replies: 0, reasons: ["2000 \u001b[2J\nno"] });
  const { text } = await printedFor(200, hostile);
  expect(text).toContain("The provider does not work: 2000 [2J no.");
});
