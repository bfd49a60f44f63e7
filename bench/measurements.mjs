/** What `npm run bench` measures. */

/** The phases of a stack's life, in their order. */
export const PHASES = ["preview", "create", "no-op", "refresh", "update", "destroy"];

/** One run of a project. Each of its phases is a sample of the measurement `PHASE COUNT: PROJECT`. */
export const RUNS = [
  ...["floor", "dynamic", "plugin", "yaml"].map((project) => ({ project, count: 1, phases: ["preview"] })),
  ...["floor", "dynamic", "plugin"].map((project) => ({ project, count: 100, phases: PHASES })),
  ...["dynamic-once", "plugin-once"].map((project) => ({ project, count: 100, phases: ["preview"] })),
];

/** The projects by name: the door, and the `clevertap:previewProbe` that is configured. */
export const PROJECTS = {
  floor: { door: "floor" },
  dynamic: { door: "dynamic" },
  "dynamic-once": { door: "dynamic", probe: "once" },
  plugin: { door: "plugin" },
  "plugin-once": { door: "plugin", probe: "once" },
  yaml: { door: "yaml" },
};

/** The ratio to the floor that a measurement must not pass. */
export const LIMITS = {
  "preview 1: plugin": 0.8,
  "preview 1: yaml": 0.4,
  "preview 100: plugin": 0.85,
  "preview 100: plugin-once": 0.85,
  "create 100: plugin": 0.7,
  "refresh 100: dynamic": 1.05,
};

/** The plugin's start up to the answer of the handshake. limit: of its own CPU time, in milliseconds. */
export const HANDSHAKE = { name: "handshake: plugin", limit: 130 };
