const INSTANT = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

/** A moment where its milliseconds matter. */
export function Instant({ at }: { at: string }) {
  return (
    <time dateTime={at} title={at} style={{ whiteSpace: 'nowrap' }}>
      {INSTANT.format(new Date(at))}
    </time>
  );
}
