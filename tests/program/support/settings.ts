/** Arguments of a provider in a program whose engine is mocked: nothing is called. */
export const settings = {
  nickname: "Kaleyra",
  mobileNumber: "919999999999",
  httpEndpoint: "https://example.com/whatsapp/message/clevertap",
  apiKey: "A0123456789abcdef0123456789abcdef",
  sid: "HXIN1234567890IN",
  kaleyraHost: "api.in.kaleyra.io",
};
