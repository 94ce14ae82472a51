// Sends the form without leaving the page. Without this file a browser sends it by itself, and shows a page.
const form = document.querySelector('.contact form');
const said = form.querySelector('.said');
const button = form.querySelector('button');

const say = (text, isWrong) => {
  said.textContent = text;
  said.classList.toggle('wrong', isWrong);
  said.focus();
};

const mark = (fields) => {
  for (const field of form.elements) {
    if (!field.name) continue;
    if (fields[field.name]) field.setAttribute('aria-invalid', 'true');
    else field.removeAttribute('aria-invalid');
  }
};

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  button.disabled = true;
  try {
    const response = await fetch(form.action, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(Object.fromEntries(new FormData(form))),
    });
    const answer = await response.json();
    mark(answer.fields ?? {});
    if (response.ok) form.reset();
    say(
      response.ok ? answer.message : [answer.error, ...Object.values(answer.fields ?? {}).flat()].join(' '),
      !response.ok,
    );
  } catch {
    say('It was not sent: there is no connection. What you wrote is still here.', true);
  } finally {
    button.disabled = false;
    window.turnstile?.reset();
  }
});

// Cloudflare Turnstile, if the page has a site key for it: loaded for whoever begins to write, and for nobody else.
const box = form.querySelector('[data-turnstile]');
const load = () => {
  box.className = 'cf-turnstile whole';
  box.dataset.sitekey = box.dataset.turnstile;
  box.dataset.responseFieldName = 'turnstile_token';
  const script = document.createElement('script');
  script.src = 'https://challenges.cloudflare.com/turnstile/v0/api.js';
  document.head.append(script);
};
if (box.dataset.turnstile) form.addEventListener('focusin', load, { once: true });
