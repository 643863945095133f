/** Which records come alone and which together. */

/**
 * Types that the kernel writes in the course of a system call begin with 1300 or belong to it by name; what programs and auditd
 * write (11xx, 12xx, 21xx–29xx) comes alone.
 * {@link https://github.com/torvalds/linux/blob/v6.1/include/uapi/linux/audit.h#L35 | ranges of types}
 */
const LONE =
  /^(?:USER_|CRED_|ACCT_|ADD_|DEL_|GRP_|ROLE_|SERVICE_|SYSTEM_|DAEMON_|CRYPTO_|VIRT_|RESP_|DEV_|LABEL_|ANOM_(?!PROMISCUOUS|ABEND|LINK|CREAT))|^(?:USER|TEST|TRUSTED_APP|DAC_CHECK|CHGRP_ID|CHUSER_ID|MAC_CHECK|SOFTWARE_UPDATE|USYS_CONFIG|FS_RELABEL|KERNEL)$/;

const known = new Map<string, boolean>();

export function isLone(type: string): boolean {
  let lone = known.get(type);
  if (lone === undefined) {
    lone = LONE.test(type);
    // Types are few, but anybody may write one.
    if (known.size < 1024) known.set(type, lone);
  }
  return lone;
}
