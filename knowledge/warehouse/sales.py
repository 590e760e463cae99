"""What was sold: products, customers, promotions, orders, money owed and paid, targets.

Amounts are in the row's `currency`, as stored at the source; nothing is converted on loading.
`order_line.list_amount` is before discount, `amount` after discount and before tax.
"""

from __future__ import annotations

from knowledge.warehouse.base import amount, canonical, day, ref, text, whole

PRODUCT = canonical(
    "product",
    text("sku", required=True),
    text("name", required=True),
    text("category"),
    text("subcategory"),
    text("line"),
    text("model"),
    text("color", 60),
    text("status", 60),
    amount("list_price"),
    amount("standard_cost"),
    day("launched_on"),
)

PRODUCT_PRICE = canonical(
    "product_price",
    ref("product_id", "product", required=True),
    text("price_list", required=True),
    amount("price", required=True),
    text("currency", 3),
    day("valid_from", required=True),
    day("valid_to"),
    key=("source", "product_id", "price_list", "valid_from"),
)

CUSTOMER = canonical(
    "customer",
    text("uscc", 18),
    text("name", required=True),
    text("industry"),
    text("size", 60),
    ref("region_id", "region"),
    ref("territory_id", "territory"),
    text("city"),
    text("country"),
    whole("employees"),
    amount("annual_revenue"),
    text("parent_name"),
    whole("founded_year"),
)
"""The end customer or account."""

SALESPERSON = canonical(
    "salesperson",
    text("name", required=True),
    text("manager"),
    ref("region_id", "region"),
    ref("partner_id", "partner"),
    text("office"),
)
"""Head office's or a partner's salesperson."""

PROMOTION = canonical(
    "promotion",
    text("name", required=True),
    text("type"),
    text("category"),
    amount("discount_rate"),
    day("starts_on"),
    day("ends_on"),
)

SALES_ORDER = canonical(
    "sales_order",
    text("order_no", 100, required=True),
    day("order_date", required=True),
    day("due_date"),
    day("ship_date"),
    ref("partner_id", "partner"),
    ref("customer_id", "customer"),
    ref("salesperson_id", "salesperson"),
    ref("region_id", "region"),
    ref("territory_id", "territory"),
    text("order_type", 60),
    text("status", 60),
    text("currency", 3),
    text("po_no", 100),
    key=("source", "order_no"),
)

ORDER_LINE = canonical(
    "order_line",
    ref("order_id", "sales_order", required=True),
    text("line_no", 40, required=True),
    ref("product_id", "product"),
    ref("promotion_id", "promotion"),
    amount("quantity", required=True),
    amount("unit_price"),
    amount("list_amount"),
    amount("discount_amount"),
    amount("amount", required=True),
    amount("cost_amount"),
    amount("tax_amount"),
    amount("freight_amount"),
    key=("order_id", "line_no"),
)

SHIPMENT = canonical(
    "shipment",
    text("shipment_no", 100, required=True),
    text("line_no", 40, required=True),
    ref("order_id", "sales_order"),
    ref("partner_id", "partner"),
    ref("product_id", "product"),
    ref("territory_id", "territory"),
    day("shipped_on", required=True),
    amount("quantity", required=True),
    text("tracking_no", 100),
    key=("source", "shipment_no", "line_no"),
)

INVOICE = canonical(
    "invoice",
    text("invoice_no", 100, required=True),
    ref("order_id", "sales_order"),
    ref("partner_id", "partner"),
    day("invoiced_on", required=True),
    amount("amount", required=True),
    amount("tax_amount"),
    text("currency", 3),
    text("buyer_name"),
    key=("source", "invoice_no"),
)

PAYMENT = canonical(
    "payment",
    text("payment_no", 100, required=True),
    ref("partner_id", "partner"),
    ref("order_id", "sales_order"),
    day("paid_on", required=True),
    amount("amount", required=True),
    text("currency", 3),
    text("method", 60),
    key=("source", "payment_no"),
)
"""回款"""

RECEIVABLE = canonical(
    "receivable",
    text("receivable_no", 100, required=True),
    ref("partner_id", "partner"),
    ref("order_id", "sales_order"),
    day("booked_on", required=True),
    day("due_on"),
    amount("amount", required=True),
    amount("open_amount"),
    text("currency", 3),
    key=("source", "receivable_no"),
)
"""应收"""

SALES_RETURN = canonical(
    "sales_return",
    text("return_no", 100, required=True),
    text("line_no", 40, required=True),
    ref("order_id", "sales_order"),
    ref("partner_id", "partner"),
    ref("product_id", "product"),
    day("returned_on", required=True),
    amount("quantity", required=True),
    amount("amount", required=True),
    text("reason"),
    key=("source", "return_no", "line_no"),
)

TARGET = canonical(
    "target",
    text("measure", 40, required=True),
    day("period_start", required=True),
    text("grain", 10, required=True),
    ref("region_id", "region"),
    ref("territory_id", "territory"),
    ref("partner_id", "partner"),
    ref("salesperson_id", "salesperson"),
    text("product_line"),
    amount("amount", required=True),
)
"""A goal for `measure` (amount, payment, …) over the `grain` period that starts at `period_start`.

The level of a target is the set of its references that are not null."""
