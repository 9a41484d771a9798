// SPDX-License-Identifier: Apache-2.0
// Nothing is asked of other hosts: the validator that Swagger UI would ask is off.
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#api",
  deepLinking: true,
  docExpansion: "none",
  validatorUrl: null,
});
