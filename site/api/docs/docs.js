// Draws the reference. A file of its own, since the page's content policy allows no inline script.
const dark = matchMedia('(prefers-color-scheme: dark)');
const followScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
followScheme();
dark.addEventListener('change', followScheme);

/** Swagger UI goes from its first heading to the third level; the second is missing for those who read by headings. */
const headed =
  (Operations, { React }) =>
  (props) =>
    React.createElement(
      React.Fragment,
      null,
      React.createElement('h2', { className: 'operations-heading' }, 'Operations'),
      React.createElement(Operations, props),
    );

const reference = document.getElementById('reference');
window.SwaggerUIBundle({
  domNode: reference,
  url: '/api/openapi.json',
  // Swagger's own validator is another host; a link may not choose another document or host either.
  validatorUrl: null,
  queryConfigEnabled: false,
  deepLinking: true,
  filter: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: 0,
  defaultModelExpandDepth: 2,
  displayRequestDuration: true,
  persistAuthorization: false,
  plugins: [{ wrapComponents: { operations: headed } }],
  onComplete: () => reference.removeAttribute('aria-busy'),
});

// The fragment belongs to Swagger UI, which names operations by it and keeps the focus; so move the focus by hand.
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  reference.focus();
});
