const words = (text: string): string[] => text.trim().split(/\s+/);

/**
 * What nobody may send. Connections are shared by everybody, one request after the other, so nothing may change one; a
 * cache has no business with its server's settings, files and replicas; and nobody may hold a connection and wait.
 * KEYS, FLUSHDB and FLUSHALL are not among them: the official client has them, and whoever has the full token can
 * delete every key one by one. What a script may call, Redis says: the gateway's user in Redis is to have no more.
 */
export const DENIED: ReadonlySet<string> = new Set([
  // The connection
  ...words('ASKING AUTH CLIENT HELLO QUIT READONLY READWRITE RESET SELECT'),
  ...words('DISCARD EXEC MULTI UNWATCH WATCH'),
  ...words('MONITOR PSUBSCRIBE PUNSUBSCRIBE SSUBSCRIBE SUBSCRIBE SUNSUBSCRIBE UNSUBSCRIBE'),
  // The server
  ...words('ACL BGREWRITEAOF BGSAVE CLUSTER CONFIG DEBUG FAILOVER HOTKEYS LASTSAVE LATENCY MEMORY MIGRATE MODULE MOVE'),
  ...words('PFDEBUG PFSELFTEST PSYNC REPLCONF REPLICAOF RESTORE-ASKING ROLE SAVE SENTINEL SHUTDOWN SLAVEOF SLOWLOG'),
  ...words('SWAPDB SYNC TRIMSLOTS'),
  // Waiting
  ...words('BLMOVE BLMPOP BLPOP BRPOP BRPOPLPUSH BZMPOP BZPOPMAX BZPOPMIN WAIT WAITAOF'),
]);

/** Of the commands above, what may be sent after all, by its first argument. */
export const YET_ALLOWED: Readonly<Record<string, readonly string[]>> = { CLIENT: ['SETINFO'], MEMORY: ['USAGE'] };
/** And of others, what may not. */
export const DENIED_SUBCOMMANDS: Readonly<Record<string, readonly string[]>> = { SCRIPT: ['DEBUG'] };

/** What the read-only token opens. A command that is new and not in this list is a write. */
export const READS: ReadonlySet<string> = new Set([
  ...words('DBSIZE DUMP ECHO EXISTS EXPIRETIME INFO KEYS PEXPIRETIME PING PTTL PUBSUB RANDOMKEY SCAN SORT_RO TIME'),
  ...words('TOUCH TTL TYPE PSUBSCRIBE SUBSCRIBE'),
  ...words('BITCOUNT BITFIELD_RO BITPOS DIGEST GET GETBIT GETRANGE LCS MGET STRLEN SUBSTR'),
  ...words('HEXISTS HEXPIRETIME HGET HGETALL HKEYS HLEN HMGET HPEXPIRETIME HPTTL HRANDFIELD HSCAN HSTRLEN HTTL HVALS'),
  ...words('LINDEX LLEN LPOS LRANGE'),
  ...words('SCARD SDIFF SINTER SINTERCARD SISMEMBER SMEMBERS SMISMEMBER SRANDMEMBER SSCAN SUNION'),
  ...words('ZCARD ZCOUNT ZDIFF ZINTER ZINTERCARD ZLEXCOUNT ZMSCORE ZRANDMEMBER ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANK'),
  ...words('ZREVRANGE ZREVRANGEBYLEX ZREVRANGEBYSCORE ZREVRANK ZSCAN ZSCORE ZUNION'),
  ...words('PFCOUNT XINFO XLEN XPENDING XRANGE XREAD XREVRANGE'),
  ...words('GEODIST GEOHASH GEOPOS GEORADIUS_RO GEORADIUSBYMEMBER_RO GEOSEARCH'),
  ...words('EVALSHA_RO EVAL_RO FCALL_RO'),
  ...words('ARCOUNT ARGET ARGETRANGE ARGREP ARINFO ARLASTITEMS ARLEN ARMGET ARNEXT AROP ARSCAN'),
  ...words('JSON.ARRINDEX JSON.ARRLEN JSON.GET JSON.MGET JSON.OBJKEYS JSON.OBJLEN JSON.RESP JSON.STRLEN JSON.TYPE'),
]);

/** Of commands that write as well, what only reads. */
export const READ_SUBCOMMANDS: Readonly<Record<string, readonly string[]>> = {
  FUNCTION: ['DUMP', 'LIST', 'STATS'],
  MEMORY: ['USAGE'],
  OBJECT: ['ENCODING', 'FREQ', 'IDLETIME', 'REFCOUNT'],
  SCRIPT: ['EXISTS'],
};
