import { startS3 } from '../../dev/s3/server.ts';

// Run as a process of its own, so that a test can kill it and ask how much memory it took.
const [port = '', folder = '', accessKeyId = '', secretAccessKey = '', bucket = ''] = process.argv.slice(2);
await startS3({ port: Number(port), folder, accessKeyId, secretAccessKey, buckets: [bucket] });
process.on('message', () => process.send?.({ rssKiB: process.resourceUsage().maxRSS }));
process.on('disconnect', () => process.exit());
process.send?.('ready');
