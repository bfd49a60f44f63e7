/**
 * Puts a report as a comment on the pull request of a GitHub Actions job, in place of the one that an earlier run has left there:
 *
 *     node comment.mjs ci-report/preview.md
 *
 * The report's first line, an invisible HTML comment, tells one report from another.
 *
 * Environment: GITHUB_TOKEN with the permission `pull-requests: write`; the rest is set by GitHub Actions (GITHUB_REPOSITORY,
 * GITHUB_EVENT_PATH, GITHUB_API_URL).
 */
import { readFileSync } from "node:fs";
import { argv, env } from "node:process";

const body = readFileSync(argv[2], "utf8");
const [mark] = body.split("\n");
const { number } = JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, "utf8"));
const repository = `${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}`;

async function github(method, url, content) {
  const answer = await fetch(url, {
    method,
    headers: { Authorization: `Bearer ${env.GITHUB_TOKEN}`, Accept: "application/vnd.github+json" },
    body: content && JSON.stringify(content),
    signal: AbortSignal.timeout(30_000),
  });
  if (!answer.ok) throw new Error(`${method} ${url}: GitHub answered ${answer.status}`);
  return answer.json();
}

/** The comment of an earlier run. */
async function earlier() {
  for (let page = 1; ; page++) {
    const comments = await github("GET", `${repository}/issues/${number}/comments?per_page=100&page=${page}`);
    const found = comments.find((comment) => comment.body.startsWith(mark));
    if (found || comments.length < 100) return found;
  }
}

const comment = await earlier();
if (comment) await github("PATCH", `${repository}/issues/comments/${comment.id}`, { body });
else await github("POST", `${repository}/issues/${number}/comments`, { body });
console.log(`The comment was ${comment ? "updated" : "added"}.`);
