import type { Bucket } from './bucket.ts';
import { configure } from './lifecycle.ts';
import { element, escaped } from './xml.ts';

const MAX_AGE_S = 3600;

/** Lets pages of these origins put files to URLs that we sign, and follow links to storage. Replaces the bucket's rules. */
export const applyCors = (bucket: Bucket, origins: string[]): Promise<void> =>
  configure(
    bucket,
    'cors',
    element(
      'CORSConfiguration',
      element(
        'CORSRule',
        element('ID', 'pages'),
        ...origins.map((origin) => element('AllowedOrigin', escaped(origin))),
        ...['PUT', 'GET', 'HEAD'].map((method) => element('AllowedMethod', method)),
        element('AllowedHeader', '*'),
        element('MaxAgeSeconds', MAX_AGE_S),
      ),
    ),
  );
