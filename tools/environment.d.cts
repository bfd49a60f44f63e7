export interface EngineEnvironmentOptions {
  /** Absolute folder for the engine's own settings (`PULUMI_HOME`). */
  home: string;
  /** Absolute folder of the file backend; it has to exist. */
  state: string;
  /** The PATH to use: a whole value, or folders. Default: the one of `base`. */
  path?: string | readonly string[];
  /** Absolute folder where Node keeps compiled code between processes. */
  compileCache?: string;
  /** What to start from; its `PULUMI_*` and `CLEVERTAP_*` variables are left out. Default: this process's. */
  base?: NodeJS.ProcessEnv;
  /** Variables that win over everything. */
  extra?: Record<string, string>;
}
/** The environment for a run of the engine that must not see or change the user's own Pulumi settings. */
export function engineEnvironment(options: EngineEnvironmentOptions): Record<string, string>;
