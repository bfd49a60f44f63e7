import { auditHistory } from "../../audit";
import { command } from "../command";
import { backendFolder } from "../stacks";
import { auditOptions, dateOf, OPTIONS, OPTIONS_HELP, print, reading } from "./shared";

const HELP = `Usage: pulumi-clevertap-whatsapp audit history [SOURCE] [--since DATE] [--stack NAME] [options]

Every update that was kept: when, who, what it changed, its result; and how old each key is.
SOURCE: the folder of a file backend, an exported state that git knows, or a folder of exported states.
Default: the file backend that \`pulumi\` is logged in to. Of a bucket copy the folder .pulumi first.

  --since DATE        only updates from this day on
  --stack NAME        only this stack: stack or project/stack
${OPTIONS_HELP}

Exit code: 0, or 2 can't tell.`;

/** `audit history`. */
export const historyCommand = command({
  help: HELP,
  options: { ...OPTIONS, since: { type: "string" }, stack: { type: "string" } },
  failed: 2,
  words: ["[SOURCE]"],
  async run(values, source) {
    const since = dateOf("--since", values.since);
    const options = { ...(await auditOptions(values)), since, stack: values.stack };
    const folder = source ?? (await backendFolder());
    print(await reading(() => auditHistory(folder, options)), values);
    return 0;
  },
});
