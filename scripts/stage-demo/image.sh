# One container image, made of this machine's busybox and curl: sourced by stage.sh.

image=registry.example/shop/web:1.4

# A layout of the Open Container Initiative with a single layer, as `ctr images import` takes it.
make_image() {
  local root=$work/image/root layout=$work/image/layout
  mkdir -p "$root"/{bin,etc,tmp,www,lib64,usr/bin} "$layout/blobs/sha256"
  chmod 1777 "$root/tmp"
  cp /bin/busybox "$root/bin/busybox"
  chroot "$root" /bin/busybox --install -s /bin
  cp /usr/bin/curl "$root/usr/bin/curl"
  ldd /usr/bin/curl | grep -o '/[^ ]*' | while read -r library; do install -D "$library" "$root$library"; done
  printf 'root:x:0:0:root:/root:/bin/sh\nweb:x:10001:10001:web:/:/bin/sh\n' >"$root/etc/passwd"
  printf '<h1>Shop</h1>\n' >"$root/www/index.html"
  tar --numeric-owner --owner 0 --group 0 -C "$root" -cf "$layout/layer.tar" .
  local layer config manifest
  layer=$(keep_blob "$layout/layer.tar")
  printf '{"architecture":"amd64","os":"linux","config":{"Entrypoint":["/bin/sleep","infinity"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$layer" >"$layout/config.json"
  config=$(keep_blob "$layout/config.json")
  printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:%s","size":%s}]}' \
    "$config" "$(blob_size "$config")" "$layer" "$(blob_size "$layer")" >"$layout/manifest.json"
  manifest=$(keep_blob "$layout/manifest.json")
  printf '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
  printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%s,"annotations":{"io.containerd.image.name":"%s"}}]}' \
    "$manifest" "$(blob_size "$manifest")" "$image" >"$layout/index.json"
  tar -C "$layout" -cf "$work/image.tar" oci-layout index.json blobs
}

# Moves a file among the blobs and tells its digest.
keep_blob() {
  local digest
  digest=$(sha256sum "$1" | cut -d' ' -f1)
  mv "$1" "$work/image/layout/blobs/sha256/$digest"
  echo "$digest"
}

blob_size() {
  stat -c %s "$work/image/layout/blobs/sha256/$1"
}
