declare module 'unbzip2-stream' {
  /** Bytes of a .bz2 file in, its content out. */
  export default function unbzip2(): NodeJS.ReadWriteStream;
}
