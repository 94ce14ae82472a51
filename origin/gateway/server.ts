// The gateway between the Worker, which has only HTTP, and Redis.
import { newGateway } from './gateway.ts';
import { redisConnections } from './redis-connection.ts';
import { parseEnvironment } from './settings.ts';

const settings = parseEnvironment(process.env);
const log = (event: string, fields = {}) => console.log(JSON.stringify({ event, ...fields }));

const { server, drain } = newGateway({
  connect: redisConnections(settings.REDIS_URL, settings.GATEWAY_DEADLINE_MS),
  tokens: { full: settings.GATEWAY_TOKEN, read: settings.GATEWAY_READ_TOKEN },
  connections: settings.GATEWAY_CONNECTIONS,
  deadline_ms: settings.GATEWAY_DEADLINE_MS,
  log,
});
server.listen(settings.PORT, settings.HOST, () => log('gateway.listening', { address: server.address() }));

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void drain(settings.DRAIN_S * 1000).then(() => process.exit(0)));
}
