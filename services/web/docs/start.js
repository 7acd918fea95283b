// Shows the document of this server, and asks nobody else about it.
window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  presets: [window.SwaggerUIBundle.presets.apis],
  deepLinking: true,
  docExpansion: 'list',
  validatorUrl: 'none',
});
