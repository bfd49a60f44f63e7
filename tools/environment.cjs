"use strict";
const { delimiter } = require("node:path");

/**
 * The environment for a run of the engine that must not see or change the user's own Pulumi settings.
 * CommonJS, so that the tests can require it.
 *
 * @see environment.d.cts for the meaning of the options
 */
function engineEnvironment({ home, state, path, compileCache, base = process.env, extra = {} }) {
  const env = {};
  for (const [name, value] of Object.entries(base)) {
    // A token, a backend, a passphrase or an endpoint of the user's would win over the demo's.
    if (/^(PULUMI|CLEVERTAP)_/i.test(name)) continue;
    env[name] = value;
  }
  if (path !== undefined) {
    for (const name of Object.keys(env)) if (name.toUpperCase() === "PATH") delete env[name];
    env.PATH = Array.isArray(path) ? path.join(delimiter) : path;
  }
  // gRPC between the engine and its hosts must not go through a proxy.
  const direct = [base.NO_PROXY ?? base.no_proxy, "127.0.0.1", "localhost", "::1"].filter(Boolean).join(",");
  return {
    ...env,
    NO_PROXY: direct,
    no_proxy: direct,
    PULUMI_HOME: home,
    // Without the side files that the backend writes in place: an engine killed in that moment leaves one empty,
    // and from then on every command ends with "failed to load checkpoint: EOF".
    PULUMI_BACKEND_URL: `file://${state}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE: "clevertap-demo",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...(compileCache ? { NODE_COMPILE_CACHE: compileCache } : {}),
    ...extra,
  };
}

module.exports = { engineEnvironment };
