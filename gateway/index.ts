export type { Gateway, GatewayOptions } from "./gateway";
export { openGateway } from "./gateway";
export type { RunningGateway, ServerOptions } from "./server";
export { startGateway } from "./server";
