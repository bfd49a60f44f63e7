import pulumi
import pulumi_clevertap as clevertap

config = pulumi.Config()

kaleyra = clevertap.WhatsAppProvider(
    "kaleyra",
    nickname="Kaleyra India",
    mobile_number="919999999999",
    http_endpoint=config.require("httpEndpoint"),  # handed out by Kaleyra support
    api_key=config.require_secret("apiKey"),
    sid=config.require_secret("sid"),
    kaleyra_host=config.require("kaleyraHost"),
)

pulumi.export("inboundMessageCallbackUrl", kaleyra.inbound_message_callback_url)
pulumi.export("deliveryReportCallbackUrl", kaleyra.delivery_report_callback_url)
# Append this to Kaleyra's Incoming URL of the number: after `?`, or after `&` where it has a query already.
pulumi.export("incomingUrlQuery", kaleyra.incoming_url_query)
pulumi.export("payloadVersion", clevertap.get_provider_defaults_output().payload_version)
