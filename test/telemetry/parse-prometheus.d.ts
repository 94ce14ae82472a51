declare module 'parse-prometheus-text-format' {
  type Metric = {
    labels?: Record<string, string>;
    value?: string;
    buckets?: Record<string, string>;
    count?: string;
    sum?: string;
  };
  const parse: (text: string) => { name: string; type: string; metrics: Metric[] }[];
  export = parse;
}
