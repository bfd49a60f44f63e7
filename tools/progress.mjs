/**
 * Progress lines of the set-up, on stderr so that stdout stays the program's own.
 *
 * On a terminal one line is redrawn with the elapsed time; anywhere else a line is written when a stage turns
 * out to take long, then one every 30 s, then one at its end. A stage that is over at once says nothing.
 */
const quietMs = 700;
const sparseMs = 30_000;
const frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

const out = process.stderr;
const live = out.isTTY && process.env.TERM !== "dumb" && !process.env.CI;
const paint = (code, text) => (live && !process.env.NO_COLOR ? `\x1b[${code}m${text}\x1b[0m` : text);

/** "0.8s", "12s" or "3m05s". */
export function elapsed(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole}s` : `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, "0")}s`;
}

/** A line of plain news, for example why something is done again. */
export function note(text) {
  out.write(`${live ? "\r\x1b[K" : ""}${text}\n`);
}

/** Stages that run, outermost first: only the innermost one draws. */
const running = [];

/**
 * Runs `work` as a stage called `title`. `work` may call its argument with a short text on how far it is.
 *
 * @template T
 * @param {string} title
 * @param {(detail: (text: string) => void) => Promise<T> | T} work
 * @returns {Promise<T>} what `work` returns; its error goes through
 */
export async function stage(title, work) {
  const began = Date.now();
  const self = { detail: "" };
  running.push(self);
  let drawn = 0;
  let lastLine = began;
  const time = () => elapsed(Date.now() - began);
  const draw = () => {
    const now = Date.now();
    if (now - began < quietMs || running.at(-1) !== self) return;
    const line = `${title} … ${time()}  ${self.detail}`.trimEnd();
    if (live) {
      const room = Math.max(20, (out.columns || 80) - 4);
      out.write(`\r\x1b[K${paint(36, frames[drawn % frames.length])} ${line.slice(0, room)}`);
    } else if (drawn === 0) note(`${title} …`);
    else if (now - lastLine >= sparseMs) {
      note(`  ${line}`);
      lastLine = now;
    }
    drawn += 1;
  };
  const timer = setInterval(draw, live ? 120 : 250);
  const finish = (mark, word) => {
    clearInterval(timer);
    running.splice(running.indexOf(self), 1);
    if (drawn > 0)
      note(live ? `${mark} ${title} ${paint(2, `(${time()})`)}` : `  ${title}: ${word} after ${time()}`);
  };
  try {
    const result = await work((text) => {
      self.detail = text;
    });
    finish(paint(32, "✔"), "done");
    return result;
  } catch (error) {
    finish(paint(31, "✖"), "failed");
    throw error;
  }
}
