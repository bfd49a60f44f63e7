import { getWhatsAppProviderOutput, WhatsAppProvider } from "pulumi-clevertap-whatsapp";

// By number, whoever made it.
const found = getWhatsAppProviderOutput({ mobileNumber: "919999999999" });

// By id, as a resource that this stack reads and never changes.
const provider = WhatsAppProvider.get("kaleyra", found.id);

export const nickname = provider.nickname;
export const inboundMessageCallbackUrl = provider.inboundMessageCallbackUrl;
