declare module 'libheif-js/wasm-bundle.js' {
  type Target = { data: Uint8ClampedArray; width: number; height: number };
  type Image = {
    get_width(): number;
    get_height(): number;
    is_primary(): boolean;
    /** Null if it cannot be decoded. */
    display(target: Target, done: (target: Target | null) => void): void;
  };
  class HeifDecoder {
    decode(bytes: Uint8Array): Image[];
  }
  const libheif: { HeifDecoder: typeof HeifDecoder };
  export = libheif;
}
