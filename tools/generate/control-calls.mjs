import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const cell = (text) => text.replaceAll("|", "\\|").replace(/\s+/g, " ").trim();

/** All interfaces of the sandbox's sources by name. */
function interfaces(root) {
  const found = new Map();
  for (const file of globSync("sandbox/**/*.ts", { cwd: root })) {
    const source = ts.createSourceFile(
      file,
      readFileSync(join(root, file), "utf8"),
      ts.ScriptTarget.Latest,
      true,
    );
    source.forEachChild((node) => {
      if (ts.isInterfaceDeclaration(node)) found.set(node.name.text, node);
    });
  }
  return found;
}

/** A row for each member of the interface, those that it extends included. */
function members(all, name) {
  const node = all.get(name);
  const bases = (node.heritageClauses ?? []).flatMap(({ types }) =>
    types.map(({ expression }) => expression.getText()),
  );
  const own = node.members.map((member) => {
    const comment = ts
      .getJSDocCommentsAndTags(member)
      .map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? "");
    const optional = member.questionToken ? "" : ", required";
    return `| \`${member.name.getText()}\` | \`${cell(member.type.getText())}\`${optional} | ${cell(comment.join(" "))} |`;
  });
  return [...bases.filter((base) => all.has(base)).flatMap((base) => members(all, base)), ...own];
}

/**
 * The text of docs/control-calls.md.
 *
 * @param {string} root the repository
 * @param {Record<string, {does: string, takes?: string}>} calls
 * @param {string} note that the text is generated
 */
export function controlCalls(root, calls, note) {
  const all = interfaces(root);
  const rows = Object.entries(calls).map(([call, { does, takes }]) => {
    const link = takes ? `[${takes}](#${takes.toLowerCase()})` : "";
    return `| \`${call}\` | ${cell(does)} | ${link} |`;
  });
  const types = [...new Set(Object.values(calls).flatMap(({ takes }) => takes ?? []))];
  const sections = types.map((name) => {
    return `### ${name}\n\n| member | type | meaning |\n|---|---|---|\n${members(all, name).join("\n")}\n`;
  });
  return `# Control calls of the sandbox
${note}

The sandbox takes these beside the contract's calls, under \`/_sandbox\`, from this machine only. They do what a person at a dashboard, Kaleyra, or
bad luck would do. \`startSandbox\` has the same as methods; the [dashboard](guides/dashboard.md) has most of them as buttons.

\`\`\`sh
curl -X POST $URL/_sandbox/faults -H 'Content-Type: application/json' -d '{"kind": "status", "status": 429, "count": 2}'
\`\`\`

Bodies are JSON. A GET takes its members in the query. What is wrong in one is answered with 422 and every reason; nothing that is answered holds a secret.

| call | does | takes |
|---|---|---|
${rows.join("\n")}

What Kaleyra's users and its dashboard do is under \`/kaleyra/numbers/NUMBER\`: \`GET\` and \`PUT incoming-url\` (\`{"url": "…"}\`), and \`POST inbound\`
(\`{"from": "14155550101", "text": "Hello"}\`), a message that a user writes.

## Bodies and queries

A provider's members beside these are those of the contract: \`nickname\`, \`httpEndpoint\` and so on.

${sections.join("\n")}`;
}
