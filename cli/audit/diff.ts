import { auditDiff } from "../../audit";
import { command } from "../command";
import { auditOptions, OPTIONS, OPTIONS_HELP, print, reading } from "./shared";

const HELP = `Usage: pulumi-clevertap-whatsapp audit diff BEFORE AFTER [options]

What changed between two states of a stack, who did it, which keys are old, what was never confirmed.
BEFORE and AFTER: a file that \`pulumi stack export\` wrote or a file backend keeps, - for standard input, or
REV:FILE of a git repository (HEAD~3:state.json).

  --history FOLDER    who made each change: a file backend, or a folder of exported states. Found by itself where
                      AFTER is part of a file backend (.pulumi/…), and between two revisions of one file in git
${OPTIONS_HELP}

Exit code: 0, or 2 can't tell.`;

/** `audit diff`. */
export const diffCommand = command({
  help: HELP,
  options: { ...OPTIONS, history: { type: "string" } },
  failed: 2,
  words: ["BEFORE", "AFTER"],
  async run(values, before = "", after = "") {
    const options = { ...(await auditOptions(values)), history: values.history };
    print(await reading(() => auditDiff(before, after, options)), values);
    return 0;
  },
});
