import { checkpoint, exported, gatewayLog, incomingUrl, resource, type Wanted } from "./states";

/** The states of examples/audit: a quarter of a made-up shop. */

const ADDRESS = "https://gateway.example.com/tasks";

const INDIA: Wanted = {
  name: "kaleyra-india",
  number: "919999999999",
  nickname: "Kaleyra",
  key: "india 1",
  protect: true,
  isDefault: true,
  created: "2026-03-10T09:00:05Z",
};
const US: Wanted = {
  name: "kaleyra-us",
  number: "15017122661",
  nickname: "Kaleyra US",
  key: "us 1",
  created: "2026-03-10T09:00:06Z",
};
const UK: Wanted = {
  name: "kaleyra-uk",
  number: "447700900123",
  nickname: "Kaleyra UK",
  key: "uk 1",
  created: "2026-06-15T13:30:04Z",
};

/** Told to Kaleyra, which shows nothing back. */
const INDIA_URL: Wanted = {
  name: "incoming-url-india",
  number: INDIA.number,
  nickname: "",
  key: "india 1",
  created: "2026-08-12T08:40:09Z",
};

const US_ROTATED = { ...US, key: "us 2", revision: 2, modified: "2026-07-20T10:15:09Z" };
const INDIA_NAMED = { ...INDIA, nickname: "Kaleyra India", revision: 2, modified: "2026-08-12T08:40:07Z" };
const UK_MOVED = {
  ...UK,
  number: "447700900200",
  created: "2026-09-05T15:05:11Z",
  status: "refused",
  outputs: { statusReason: "The number is not approved yet", taskUrl: `${ADDRESS}/5` },
};
const PROMO: Wanted = {
  name: "kaleyra-promo",
  number: "14155550123",
  nickname: "Kaleyra Promo",
  key: "promo 1",
  created: "2026-09-28T11:20:03Z",
  status: "pending",
  outputs: { taskUrl: `${ADDRESS}/6` },
};

interface Update {
  readonly seconds: number;
  readonly time: string;
  readonly message: string;
  readonly author: "Meera Iyer" | "Arun Nair";
  readonly pullRequest: string;
  readonly resources: readonly Wanted[];
}

const UPDATES: readonly Update[] = [
  {
    time: "2026-03-10T09:00:00Z",
    message: "First two numbers",
    author: "Meera Iyer",
    pullRequest: "12",
    resources: [INDIA, US],
  },
  {
    time: "2026-06-15T13:30:00Z",
    message: "A number for the UK",
    author: "Arun Nair",
    pullRequest: "31",
    resources: [INDIA, US, UK],
  },
  {
    time: "2026-07-20T10:15:00Z",
    message: "New key for the US number",
    author: "Arun Nair",
    pullRequest: "42",
    resources: [INDIA, US_ROTATED, UK],
  },
  {
    time: "2026-08-12T08:40:00Z",
    message: "Name the country in the nickname",
    author: "Meera Iyer",
    pullRequest: "47",
    resources: [INDIA_NAMED, US_ROTATED, UK],
  },
  {
    time: "2026-09-05T15:05:00Z",
    message: "The UK number moves",
    author: "Arun Nair",
    pullRequest: "52",
    resources: [INDIA_NAMED, US_ROTATED, UK_MOVED],
  },
  {
    time: "2026-09-28T11:20:00Z",
    message: "A number for promotions",
    author: "Meera Iyer",
    pullRequest: "58",
    resources: [INDIA_NAMED, US_ROTATED, UK_MOVED, PROMO],
  },
].map((update) => ({ ...update, seconds: Date.parse(update.time) / 1000 }) as Update);

const ended = ({ seconds }: Update) => new Date((seconds + 20) * 1000).toISOString().replace(".000", "");

function record({ seconds, time, message, author, pullRequest, resources }: Update) {
  const commit = Buffer.from(`${message} ${author}`).toString("hex").slice(0, 40).padEnd(40, "0");
  return {
    kind: "update",
    startTime: seconds,
    message,
    environment: {
      "ci.build.url": `https://github.com/shop/infra/actions/runs/${seconds}`,
      "ci.pr.number": pullRequest,
      "ci.system": "GitHub Actions",
      "exec.kind": "cli",
      "git.author": author,
      "git.author.email": `${author.split(" ")[0]?.toLowerCase()}@example.com`,
      "git.dirty": "false",
      "git.head": commit,
      "git.headName": "refs/heads/main",
      "pulumi.version": "v3.250.0",
    },
    config: {
      "clevertap:accountId": "TEST-000-001Z",
      "clevertap:endpoint": "https://gateway.example.com",
      "clevertap:passcode": { secure: `v1:made-up-passcode-${time < "2026-08" ? 1 : 2}` },
    },
    version: 0,
    result: "succeeded",
    endTime: seconds + 20,
    resourceChanges: { same: resources.length },
  };
}

/** The Incoming URL is there since the nickname has its country. */
const stackEntries = (wanted: readonly Wanted[]) => [
  ...wanted.map(resource),
  ...(wanted.includes(INDIA_NAMED) ? [incomingUrl(INDIA_URL)] : []),
];
const idOf = (wanted: Wanted) => String(resource(wanted).id);

const LOG = gatewayLog([
  ...[INDIA, US].flatMap((one, i) =>
    task(`${i + 1}`, one, "2026-03-10T09:00", "2026-03-10T09:4", "Ravi Menon", "save"),
  ),
  ...task("3", UK, "2026-06-15T13:30", "2026-06-15T14:1", "Ravi Menon", "save"),
  ...task("4", US_ROTATED, "2026-07-20T10:15", "2026-07-20T11:0", "Sunita Rao", "save"),
  { at: "2026-08-12T08:40:30Z", actor: "pulumi", action: "open", task: "7", provider: idOf(INDIA) },
  { at: "2026-08-12T09:02:00Z", actor: "Ravi Menon", action: "take", task: "7", provider: idOf(INDIA) },
  { at: "2026-08-12T09:05:00Z", actor: "Ravi Menon", action: "save", task: "7", provider: idOf(INDIA) },
  ...task("5", UK_MOVED, "2026-09-05T15:05", "2026-09-05T16:2", "Sunita Rao", "refuse"),
  { at: "2026-09-28T11:20:30Z", actor: "pulumi", action: "open", task: "6", provider: idOf(PROMO) },
]);

function task(
  id: string,
  wanted: Wanted,
  opened: string,
  worked: string,
  actor: string,
  end: "save" | "refuse",
) {
  const provider = idOf(wanted);
  return [
    { at: `${opened}:30Z`, actor: "pulumi", action: "open", task: id, provider },
    { at: `${worked}1:00Z`, actor, action: "take", task: id, provider },
    { at: `${worked}2:00Z`, actor, action: "reveal", task: id, provider },
    { at: `${worked}5:00Z`, actor, action: end, task: id, provider },
  ];
}

/** Every file of examples/audit by its path. */
export function samples(): Map<string, string> {
  const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
  const files = new Map<string, string>();
  const lastQuarter = UPDATES[1] as Update;
  const thisQuarter = UPDATES.at(-1) as Update;
  files.set("last-quarter.json", json(exported(ended(lastQuarter), stackEntries(lastQuarter.resources))));
  files.set("this-quarter.json", json(exported(ended(thisQuarter), stackEntries(thisQuarter.resources))));
  files.set("gateway-log.jsonl", LOG.map((line) => `${JSON.stringify(line)}\n`).join(""));
  files.set(
    "rules.json",
    json({
      rules: {
        "credential-age": { severity: "error", maxDays: 90 },
        country: { codes: ["91", "1", "44"] },
        nickname: { pattern: "Kaleyra .+" },
      },
    }),
  );
  files.set("backend/.pulumi/meta.yaml", "version: 1\n");
  files.set(
    "backend/.pulumi/stacks/shop/prod.json",
    json(checkpoint(ended(thisQuarter), stackEntries(thisQuarter.resources))),
  );
  for (const update of UPDATES) {
    const base = `backend/.pulumi/history/shop/prod/prod-${update.seconds}000000000`;
    files.set(`${base}.history.json`, json(record(update)));
    files.set(`${base}.checkpoint.json`, json(checkpoint(ended(update), stackEntries(update.resources))));
  }
  return files;
}
