import getPort from 'get-port';
import { startNeonEndpoint } from '../../dev/neon-endpoint.ts';

// Neon's protocol in a process of its own: its memory and its share of the processor are then nobody else's.
const { url } = await startNeonEndpoint({ port: await getPort() });
process.on('disconnect', () => process.exit());
process.send?.(url);
