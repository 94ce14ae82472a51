/** Of one connection and not of the request (RFC 9110, 7.6.1), or made anew by whoever sends it. */
const OF_A_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
const OF_THE_SENDER = ['host', 'content-length', 'accept-encoding', 'expect', 'x-real-ip', 'forwarded'];
/** Nobody but the edge and its platform speaks by these. */
const NOT_THE_CLIENTS = /^(cf-|x-edge-|x-forwarded-)/;

/** What goes on to the origin of a client's headers. */
export function passedOn(headers: Headers): Headers {
  const kept = endToEnd(headers);
  for (const name of [...kept.keys()]) {
    if (OF_THE_SENDER.includes(name) || NOT_THE_CLIENTS.test(name)) kept.delete(name);
  }
  return kept;
}

/** Without what was said from one hop to the next. */
export function endToEnd(headers: Headers): Headers {
  const named = (headers.get('connection') ?? '').toLowerCase().split(/\s*,\s*/);
  const kept = new Headers(headers);
  for (const name of [...OF_A_HOP, ...named]) if (/^[\w-]+$/.test(name)) kept.delete(name);
  return kept;
}
