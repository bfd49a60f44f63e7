/**
 * Loaded into the sandbox that `npm start` starts: ends it when its starter is gone, even after a kill -9.
 * The channel is there for nothing else, and must not keep the process alive.
 */
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();
