import { detailsPath, whatsAppRoot } from "../../provider/kaleyra/number";

test.each([
  ["api.in.kaleyra.io", "https://api.in.kaleyra.io", "/v1/SID/whatsapp"],
  ["api.in.kaleyra.io:8443", "https://api.in.kaleyra.io:8443", "/v1/SID/whatsapp"],
  ["https://api.in.kaleyra.io/", "https://api.in.kaleyra.io", "/v1/SID/whatsapp"],
  ["https://gateway.example.com/kaleyra//", "https://gateway.example.com", "/kaleyra/v1/SID/whatsapp"],
  ["http://127.0.0.1:1", "http://127.0.0.1:1", "/v1/SID/whatsapp"],
])("the API of %s", (kaleyraHost, origin, path) => {
  expect(whatsAppRoot({ kaleyraHost, sid: "SID", apiKey: "k" }, "v1")).toEqual({ origin, path });
});

test("the number goes with bare digits, the SID as one part of the path", () => {
  const { path } = detailsPath(
    { kaleyraHost: "api.in.kaleyra.io", sid: "a/b?", apiKey: "k" },
    "919999999999",
  );
  expect(path).toBe("/v2/a%2Fb%3F/whatsapp/919999999999/phone_number_details");
});
