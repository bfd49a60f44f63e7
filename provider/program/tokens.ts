/** Type tokens of the two doors. */
export const DYNAMIC_TYPE = "pulumi-nodejs:dynamic/clevertap:WhatsAppProvider";
export const PLUGIN_TYPE = "clevertap:index:WhatsAppProvider";
