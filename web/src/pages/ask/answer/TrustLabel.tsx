import { FunctionOutlined, RobotOutlined, SafetyCertificateOutlined } from "@ant-design/icons";
import { Tooltip } from "antd";
import type { ReactNode } from "react";
import type { AnswerLabel } from "@/api/types";
import { useT } from "@/i18n/language";
import type { Message } from "@/i18n/message";
import { m } from "../messages";
import styles from "./TrustLabel.module.css";

const LOOK: Record<AnswerLabel, { kind: string; icon: ReactNode; name: Message; hint: Message }> = {
  已认证: {
    kind: "certified",
    icon: <SafetyCertificateOutlined />,
    name: m.certified,
    hint: m.certifiedHint,
  },
  规则推导: { kind: "derived", icon: <FunctionOutlined />, name: m.derived, hint: m.derivedHint },
  模型生成: { kind: "written", icon: <RobotOutlined />, name: m.written, hint: m.writtenHint },
};

/** How far the answer can be trusted, and why. */
export function TrustLabel({ label }: { label: AnswerLabel }) {
  const t = useT();
  const look = LOOK[label];
  return (
    <Tooltip title={t(look.hint)} trigger={["hover", "focus", "click"]} placement="topLeft">
      <button type="button" className={styles.label} data-kind={look.kind}>
        <span aria-hidden="true">{look.icon}</span>
        {t(look.name)}
      </button>
    </Tooltip>
  );
}
