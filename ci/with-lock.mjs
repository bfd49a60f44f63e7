/**
 * Runs a pulumi command that changes a stack, when the stack is free. Used by the scripts beside it:
 *
 *     node with-lock.mjs STACK up --yes --skip-preview
 *
 * While somebody else's update holds the stack's lock, it waits. A lock that a dead run has left behind is taken away by `pulumi cancel`.
 *
 * Environment:
 *   LOCK_WAIT           seconds to wait at most; default 600
 *   STALE_LOCK_MINUTES  a lock of this age that a runner has left (one with the same user name as here) belongs to no running
 *                       job: set it to the time limit of the jobs, or longer; default 60
 *
 * Exit code: that of pulumi; 75 when the stack did not become free.
 */
import { execFileSync, spawn } from "node:child_process";
import { hostname, userInfo } from "node:os";
import { argv, env, exit, stderr, stdin } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";

const [stack, ...command] = argv.slice(2);
const waitSeconds = Number(env.LOCK_WAIT ?? 600);
const staleMinutes = Number(env.STALE_LOCK_MINUTES ?? 60);

/** What a backend says of a stack that is in use: file, bucket and database backends; Pulumi Cloud. */
const IN_USE = /the stack is currently locked by|Another update is currently in progress/;
/** The first kind says who it is. */
const HOLDER = /created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/g;

let running;
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => {
    // Ctrl-C on a terminal reaches pulumi too; a second one would make it give up at once.
    if (running && !(signal === "SIGINT" && stdin.isTTY)) running.kill(signal);
    if (!running) exit(130);
  });

/** Runs pulumi. What it says of its failure is held back, since that may be the lock's message. */
function pulumi(args) {
  return new Promise((done, fail) => {
    const child = spawn("pulumi", [...args, "--stack", stack, "--non-interactive"], {
      stdio: ["ignore", "inherit", "pipe"],
    });
    running = child;
    let said = "";
    child.stderr.on("data", (text) => {
      said += text;
    });
    child.on("error", fail);
    child.on("close", (code) => {
      running = undefined;
      done({ code: code ?? 1, said });
    });
  });
}

function holders(said) {
  return [...said.matchAll(HOLDER)].map(([, user, host, pid, since]) => ({ user, host, pid, since }));
}

function isRunning(pid) {
  try {
    return execFileSync("ps", ["-p", pid, "-o", "comm="], { encoding: "utf8" }).includes("pulumi");
  } catch {
    return false;
  }
}

/** Has the process that made a lock ended without taking it away? */
function isDead({ user, host, pid, since }) {
  if (host === hostname()) return !isRunning(pid);
  return user === userInfo().username && Date.now() - Date.parse(since) > staleMinutes * 60_000;
}

const name = ({ user, host, since }) => `${user}@${host} since ${since}`;
const deadline = Date.now() + waitSeconds * 1000;
let told = "";

for (;;) {
  const { code, said } = await pulumi(command);
  if (code === 0 || !IN_USE.test(said)) {
    stderr.write(said);
    exit(code);
  }
  const found = holders(said);
  const who = found.map(name).join(", ") || "another update";
  if (found.length > 0 && found.every(isDead)) {
    console.error(`The run of ${who} has ended without a word: its lock is taken away.`);
    await pulumi(["cancel", "--yes"]);
    continue;
  }
  if (Date.now() > deadline) {
    console.error(
      `error: the stack ${stack} is in use by ${who}; waited ${waitSeconds} s. Nothing was changed. Run this again when that has ended; if it never does: pulumi cancel --stack ${stack}`,
    );
    exit(75);
  }
  if (told !== who) console.error(`The stack ${stack} is in use by ${who}: waiting up to ${waitSeconds} s.`);
  told = who;
  // Two that wait must not try in step: each would find the other's lock.
  await sleep(2_000 + Math.random() * 2_000);
}
