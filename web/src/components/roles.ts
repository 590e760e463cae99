import type { Translate } from "@/i18n/language";
import type { Message } from "@/i18n/message";
import { m } from "./messages";

const NAMES: Record<string, Message> = {
  admin: m.roleAdmin,
  analyst: m.roleAnalyst,
  manager: m.roleManager,
  partner: m.rolePartner,
};

/** What roles are called; one that an instance made up keeps its own name. */
export function roleNames(roles: readonly string[], t: Translate): string {
  return roles.map((role) => (NAMES[role] ? t(NAMES[role]) : role)).join(" · ");
}
