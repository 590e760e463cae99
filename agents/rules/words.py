"""The words that structure a question: grouping, ranking, thresholds, comparison, negation, ….

Each row is (kind, value, pattern); patterns run on folded text. A word that carries meaning must not
be among the `stop` words: stop words are the only ones that may be left out of a reading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_N = r"(?P<n>\d{1,3}|[一二两三四五六七八九十]+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|fifty)"
_HAN = re.compile(r"[一-鿿]")
_MEASURE = r"(?:个|家|名|款|种|位|大|类|项|条|强|city)?"


@dataclass(frozen=True, slots=True)
class Word:
    """A structural word: what kind, which value, how it is written."""

    kind: str
    value: str
    pattern: re.Pattern[str]


def written(kind: str, value: str, *patterns: str) -> list[Word]:
    """Words of one meaning; patterns without Chinese match whole English words only."""
    words = []
    for written in patterns:
        pattern = written
        if not _HAN.search(pattern) and not pattern.startswith("["):
            pattern = rf"(?<![a-z])(?:{pattern})(?![a-z])"
        words.append(Word(kind, value, re.compile(pattern)))
    return words


_w = written

WORDS: tuple[Word, ...] = (
        # ranking
        *_w("top", "desc", rf"(?:top|best|highest|largest|biggest|leading)[- ]?{_N}(?![\d%万亿,.])", rf"{_N} (?:best|highest|largest|biggest|top|most|leading)(?:[- ]selling|[- ]performing|[- ]valued)?(?![a-z])", rf"(?:前|排名前|排行前|top){_N}{_MEASURE}(?:名|的|大)?(?!月|年|天|周|季)", rf"(?:最高|最大|最多|最好|最强|领先)的?(?:前)?{_N}(?:个|家|名|款|种|位|大|类|项|条)", rf"排名?(?:在)?前{_N}(?:位|名)?"),
        *_w("top", "asc", rf"(?:bottom|worst|lowest|smallest|weakest)[- ]?{_N}(?![\d%万亿,.])", rf"{_N} (?:worst|lowest|smallest|weakest|least|fewest)(?:[- ]selling|[- ]performing)?(?![a-z])", rf"(?:后|末|倒数|垫底的?|排名后|排名最后|最后){_N}(?:名|位|个|家|款|种|大)?(?!月|年|天|周|季)", rf"(?:最低|最小|最少|最差)的?(?:前)?{_N}(?:个|家|名|款|种|位|大|类|项|条)"),
        *_w("nth", "desc", r"(?P<o>second|third|fourth|fifth|2nd|3rd|4th|5th)[- ](?:best|highest|largest|biggest|most|top)(?:[- ]selling)?(?![a-z])", r"(?:排名?)?第(?P<n>[二三四五六七八九十]|\d{1,2})(?:名|位|高|大|多|好)?(?:的)?(?!季|月|周|天|年)", r"(?:ranked?|ranks|number) (?P<o>second|third|fourth|fifth|2nd|3rd|4th|5th)"),
        *_w("nth", "asc", r"(?P<o>second|third|fourth|fifth|2nd|3rd|4th|5th)[- ](?:from|to)[- ](?:the )?(?:bottom|last|end)(?![a-z])", r"倒数第(?P<n>[一二三四五六七八九十]|\d{1,2})(?:名|位|高|大|多|的)?", r"(?P<o>second|third|2nd|3rd)[- ](?:worst|lowest|smallest|least|fewest)(?![a-z])", r"第(?P<n>[二三四五]|\d)(?:低|少|小|差)"),
        *_w("superlative", "desc", r"最高|最长|最大|最多|最强|最大的|最贵|居首|第一名?|排名?第一|冠军|top(?!\s*-?\d)(?![a-z])", "highest|longest|largest|biggest|most|greatest|maximum|max|number one|no\\. ?1", "ranks? first", r"卖得最好|卖的最好|销得最好|最畅销|畅销|best[- ]selling|top[- ]selling|best[- ]sellers?|biggest[- ]selling"),
        *_w("superlative", "asc", r"最低|最短|最小|最少|最差|最后一名|垫底|倒数第一", "lowest|shortest|smallest|least|fewest|minimum|min|worst|weakest|poorest"),
        *_w("best", "desc", r"最好|最佳|最优秀|最牛", "best|best[- ]performing|top[- ]performing|strongest|best performers?|top performers?"),
        *_w("which_rank", "", r"(?:排名?|排行|位居|名列|排在)?第几(?:名|位)?|名次|排名(?:多少|如何|怎么样|是多少)|排老几", "(?:where|how|what|which)(?: place)?(?: do(?:es)?| is| did| are)?(?= .*rank(?:ed|s|ing)?)|what(?:'s| is| was)? the rank(?:ing)?(?: of)?|(?:ranks?|ranked|position) (?:where|what)"),
        *_w("rank", "", r"排名|排行榜?|排序", "rank(?:ed|ing|s)?(?: by)?|in order of|sort(?:ed)?|league table|order(?:ed)? by|from highest to lowest|from high to low|descending"),
        *_w("rank_asc", "", r"从低到高|从小到大|由低到高|升序", "from lowest to highest|from low to high|ascending"),
        *_w("rank", "", r"从高到低|从大到小|由高到低|降序"),
        # grouping
        *_w("each", "", r"各个?|每一?(?:个|家|款|种|位|类|条)?(?!年|月|周|天|日|季)|分别按", "for each|in each|each|every|per|within each|for every|in every|of each|by each|a piece per"),
        *_w("by", "", r"按照?|分(?=各?[大省城国产品伙渠行月季年客销类区子州型])|依据?|以(?=[大省城产品伙渠行月季年客]).{0,0}", "by|broken down by|break(?:down)? by|down by|down per|split by|grouped? by|group by|across|segmented by|breakdown by|break it down by|split it by"),
        *_w("which", "", r"哪个|哪些|哪(?:一|两|几|二|三|四|五|六|七|八|九|十|\d{1,2})?(?:个|家|款|种|位|类|条|几个|几家)|哪(?=[月年天周季])|什么(?=[伙产品客区大城类])|谁", "which|what are the|who|whose"),
        *_w("distribution", "", r"分布|构成|结构|明细|拆分|细分|拆开|排开|维度|看看?各", "distribut(?:ed|ion)(?: across| over| among)?|breakdown|composition|mix|break(?:ing)? (?:it |that |this )?down|split"),
        # grain
        *_w("grain", "month", r"按月|每个?月|逐月|月度|分月|各月|月份(?:趋势|走势)?|哪(?:个|几个|些)月(?:份)?|月(?=趋势|走势)", "monthly|by month|per month|each month|every month|month by month|month-by-month|across months|for each month|which month|what month|over the months"),
        *_w("grain", "quarter", r"按季度?|每个?季度?|逐季度?|季度(?=趋势|走势|销售|对比|数据)|分季度?|各季度?|哪个季度?", "quarterly|by quarter|per quarter|each quarter|every quarter|quarter by quarter|for each quarter|which quarter|what quarter"),
        *_w("grain", "year", r"按年度?|每一?年|逐年|年度(?=趋势|走势|销售|对比|数据)|分年度?|各年度?|哪一?年|历年", "yearly|annually|by year|per year|each year|every year|year by year|for each year|which year|what year|annual"),
        *_w("grain", "week", r"按周|每周|逐周|周度|分周|各周|哪一?周", "weekly|by week|per week|each week|every week|week by week|which week"),
        *_w("grain", "day", r"按天|按日|每[天日]|逐日|日度|分日|各天|哪一?天", "daily|by day|per day|each day|every day|day by day|which day|what day"),
        *_w("grain", "half", r"按半年|每半年|半年度", "half-yearly|by half|semi-annual(?:ly)?|per half"),
        *_w("trend", "", r"趋势|走势|变化趋势|变化情况|变化曲线|曲线|演变|如何变化|怎么变化", "trends?|over time|time series|evolution|evolve[ds]?"),
        # comparison
        *_w("compare", "yoy", r"同比|与?去年同期(?:相比|比|对比)?|较?上年同期|比去年同期|较去年同期|和去年同期(?:相比|比)?|跟去年同期(?:相比|比)?|同期", "yoy|y/y|y-o-y|year[- ]over[- ]year|year[- ]on[- ]year|(?:compared (?:to|with) |versus |vs\\.? |against |over |from |than )?(?:the )?same (?:period|time|days|month|quarter|half|months) (?:of |in )?(?:last year|a year ago|a year earlier|the previous year|the prior year|the year before)|(?:compared (?:to|with)|versus|vs\\.?|against|on) (?:a|one|the) year (?:ago|earlier|before)|(?:than|from) a year (?:ago|earlier)"),
        *_w("compare", "previous_period", r"环比|与?上期(?:相比|比)?|较上期|比上期|和上期(?:相比|比)?|上一期|(?:与|和|跟|比|较)?(?:再)?(?:往前|之前|前面)的?(?:[一二两三四五六七八九十\\d]+)?个?(?:月|天|周|季度|年)(?:相比|比)?|(?:与|和|比|较)前一(?:个)?(?:周期|期间|时期)", "mom|m/m|qoq|q/q|wow|month[- ]over[- ]month|month[- ]on[- ]month|quarter[- ]over[- ]quarter|quarter[- ]on[- ]quarter|week[- ]over[- ]week|(?:compared (?:to|with) |versus |vs\\.? |against |over |than |from )?the (?:previous|prior|preceding) period|(?:compared (?:to|with) |versus |vs\\.? |against |over |than |from )?the (?:month|quarter|year|week|half|(?:three|six|two|\\d+) (?:months|days|weeks)) (?:before|earlier|prior)(?: that)?(?! last)|period[- ]over[- ]period|sequential(?:ly)?"),
        *_w("target", "", r"目标(?:与|和|对|vs|比)实际|实际(?:与|和|对|比)目标|(?:与|和|跟|对比|比)目标(?:相比|对比|比)?|对目标|目标对比", "(?:targets?|quotas?) (?:versus|vs\\.?|against) actuals?|actuals? (?:versus|vs\\.?|against) (?:the )?(?:targets?|quotas?)|(?:versus|vs\\.?|against|compared (?:to|with)) (?:the )?(?:targets?|quotas?|plan|budget)"),
        *_w("versus", "", r"相比(?:于|之下)?|相较于?|对比|比较|较(?!大|小|高|低|多|少)|比(?!例|率|重|如|分)", "vs\\.?|versus|over(?= (?:19|20)\\d\\d(?!\\d)| last | the (?:previous|prior|year))|compared (?:to|with|against)|compare(?:d)?|against|comparison|relative to|as opposed to|than"),
        *_w("difference", "", r"相差(?:多少|多大|几)?|差距|差额|差多少|差值|(?:多|少)(?:卖|买|下|赚|销)(?:出)?了?(?:多少)?(?:钱|件|单)?|高(?:出|了)?多少|多(?:出|了)?多少|少(?:了)?多少|低(?:了)?多少", "difference(?: between)?|gap(?: between)?|how much (?:more|less|higher|lower|bigger|larger|better)|by how much|outs[eo]l[dl]s?"),
        # growth
        *_w("growth", "up", r"增长|上升|上涨|提升|增加|走高|变好|提高|涨", "added|gr[eo]w(?:n|ing|s)?|increas(?:e|ed|es|ing)|r[io]se[ns]?|rising|gain(?:ed|s)?|climb(?:ed|ing)?|up(?! to)|improv(?:e|ed|ing|ement)|went up|gone up|uptick|surged?"),
        *_w("growth", "down", r"下降(?:幅度?|额)?|下滑|下跌|减少|降低|降幅|跌幅|萎缩|缩水|衰退|负增长|走低|变差|跌了?", "declin(?:e|ed|es|ing)|decreas(?:e|ed|es|ing)|dropp?(?:ed|s|ing)?|f[ae]ll(?:en|ing|s)?|shr[aiu]nk(?:ing)?|down|los[st](?:ing)? ground|lower than before|went down|gone down|slipp?(?:ed|ing)|slump(?:ed)?|contract(?:ed|ing)"),
        *_w("growth", "rate", r"增长(?:率|幅度?|情况|额|量)|增幅|增速|涨幅|同比率", "growth(?: rate)?s?"),
        *_w("growth", "any", r"变化(?:率|幅度?|额)?|变动(?:率|幅度)?|涨跌|波动幅度|增减", "change(?:d|s)?|percent(?:age)? change|movement|delta"),
        *_w("growth", "not_up", r"没有增长|没增长|未增长|不增长|没有上升|零增长或下降", "not (?:grow(?:n|ing)?|growing|increas(?:ed|ing))|(?:did|do|does|has|have|is|are)(?:n't| not) (?:grow(?:n|ing)?|increas(?:e|ed|ing)|improv(?:e|ed|ing))|no growth|without growth"),
        *_w("growth", "not_down", r"没有下降|没有下滑|未下降|不下降", "not (?:declin(?:ed|ing)|falling|shrinking)|(?:did|do|does|has|have|is|are)(?:n't| not) (?:declin(?:e|ed|ing)|f[ae]ll(?:en|ing)?|shr[iu]nk(?:ing)?|drop(?:ped|ping)?)"),
        *_w("fastest", "", r"最快|最慢|最猛|最显著|最明显|最厉害|最严重|最狠|最惨", "fastest|slowest|quickest|most strongly|the most sharply|steepest|sharpest|hardest|most rapidly|fastest[- ]growing"),
        *_w("rate_word", "", r"几个百分点|多少个百分点|百分点|增长率|增幅|增速|下降率|降幅|跌幅|涨幅|百分比|幅度", "in percent|percentage|percent|growth rate|in relative terms|percentage points?|pp|rate of growth|%"),
        *_w("amount_word", "", r"增长额|增加额|按(?:金额|绝对额|额)|绝对值|金额上|增量|下降额|绝对额", "in absolute terms|in absolute|absolute|in dollars|in value|in money"),
        # share
        *_w("share", "", r"占比|占(?!用)(?:了|到|据)?(?:多大|多少|几成)?(?:的)?(?:比例|比重|份额|百分比)?|比例|比重|份额|贡献(?:度|率|占比)?|百分之几|百分之多少|几成", "shares?(?! of wallet)|(?:what )?(?:percentage|percent|proportion|fraction|%)(?: share)?(?: of)?|contribut(?:e|es|ed|ion|ions|ing)(?: to)?|make up|makes up|accounts? for|accounted for|portion|how much of|in percent(?:age)? of (?:the )?(?:total|whole|all)|as (?:a )?(?:percentage|percent|share|%)(?: of (?:the )?total)?"),
        # negation, connectors
        *_w("not", "", r"除了|除去|除开|除|不含|不包括|不包含|不算|不计|不要|不看|排除|剔除|撇开|去掉|去除|扣除|刨去|非|不是|不在|不属于|而非", "except(?: for)?|excluding|excludes?|other than|apart from|aside from|outside(?: of)?|without|leaving (?:out|aside)|leave (?:out|aside)|everything except|everything but|not (?:in|from|including|counting|of|for)|but not(?: in| from)?|non[- ]|not|no(?= (?!one|of|doubt))|minus|drop the|take out|remove|ignoring|omit(?:ting)?|bar|everything but|all but|isn't|aren't"),
        *_w("not", "", r"[n]on[- ](?=[a-z])"),
        *_w("not_after", "", r"以外|之外|除外|外(?![地省国])|以后|之后|后(?=[，,的 ])", "excluded|left out|not included|aside"),
        *_w("or", "", r"或者?|还是|抑或", "or|either"),
        *_w("and", "", r"和|与|跟|及|以及|还有|并且?|且|、|加上|同|两(?:个|国|家|类|种|者|省|地)(?!以上|及以上|以下)|但是?|而(?!非)|却|不过", "and|&|plus|as well as|along with|both|together with|but|while"),
        *_w("also", "", r"再(?:加上|按|看)?|同时|另外|还要|也", "also|too|in addition|additionally|further|as well|on top"),
        # counting and rolling up
        *_w("how_many", "", r"多少(?:个|家|款|种|位|名|类|条|场|次)|几(?:个|家|款|种|位|名)(?!月|季|年)|(?:数量|个数|家数|数目)", "how many|number of|count of|count|the number"),
        *_w("how_much", "", r"多少(?:钱|元|万|金额)?|金额|多大|几何|是几|啥|是什么|什么", "how much|amounts?|what(?:'s| is| was| were| are)?(?: the)?|how (?:is|was|are|were|did|do|does|has|have|big|large|high)"),
        *_w("rollup", "avg", r"平均(?:值|数)?(?:每个?)?|均值|人均|户均|店均", "average|avg|mean|on average|typical"),
        *_w("avg_by", "month", r"月均|平均每月|每月平均|平均月度?|月平均", "monthly average|average monthly|per month on average|average per month|average a month|monthly avg"),
        *_w("avg_by", "quarter", r"季均|平均每季度?|每季度?平均", "quarterly average|average quarterly|average per quarter"),
        *_w("avg_by", "year", r"年均|平均每年|每年平均", "yearly average|average yearly|annual average|average annual|average per year"),
        *_w("total", "", r"总共|一共|合计|总计|总和|总额|历史上|有史以来|加起来|加总|共计|共(?!同)|总(?=[^体部监经理])|整体|总体|全部|所有|汇总|全年(?!同)", "total|totals|overall|altogether|in total|in all|sum|combined|entire|all|whole|together|aggregate|grand total|all[- ]time|to date|ever|add(?:s|ed)? up(?: to)?|sum(?:med)? up"),
        *_w("cumulative", "", r"累计|滚动累计|逐月累计", "cumulative(?:ly)?|running totals?|accumulated|cumulated"),
        *_w("multiple", "up:1.0", r"翻(?:了)?(?:一)?[倍番](?:以上|多)?|增长一倍(?:以上)?", "(?:more than |at least )?doubl(?:ed|ing)|(?:more than |at least )?doubled? or more"),
        *_w("multiple", "up:2.0", r"翻(?:了)?两[倍番]|(?:变成|是).{0,0}三倍", "(?:more than |at least )?tripl(?:ed|ing)"),
        *_w("multiple", "down:0.5", r"减半|腰斩|砍半", "(?:more than |at least )?halv(?:ed|ing)"),
        *_w("pronoun", "", "(?:show|tell|give|gave|let|for|from|to|with|by|sent|sell|sold|owe|of) us(?! (?:dollars?|market))", r"老板(?:想知道|要看?|问)?|领导(?:想知道|要看?|问)?", "my boss|the boss|the ceo"),
        *_w("scope_all", "", r"全国|全公司|全球|全渠道|大盘", "company[- ]?wide|nationwide|worldwide|global(?:ly)?|across the (?:company|board|business)|everywhere"),
        *_w("unit_metric", "quantity", r"(?:多少|几)?(?:件|台|套)(?!装|餐)"),
        *_w("unit_metric", "orders", r"下单(?=最多|更多|较多|最少|更少|最频繁|更频繁)|(?<=[一二两三四五六七八九十])单(?!价|位|品|独|个|均|额|车)|(?:多少|几)(?:张|笔|个)?(?:订)?单(?!价|位|品|独|个|均|笔|额|车)|(?<=\d)(?:张|笔)?单(?!价|位|品|独|个|均|额|车)|(?:多少|几)次|(?<=\d)次|下单次数|购买次数"),
        *_w("unit_metric", "orders", "(?:order(?:ed)?|bought|buys?|purchased) (?:more|most|less|least) (?:often|frequently)|(?:more|most) (?:often|frequently)"),
        *_w("first_time", "", r"新增|首单(?!日期|时间)|新(?=经销商|伙伴|代理商|客户|零售商)|新开|首次(?:下单|采购|购买|成交|进货)?|第一次(?:下单|采购|购买|进货)?|头一次", "for the first time|first[- ]time|first ordered|(?:placed|made) (?:their|its) first (?:order|purchase)|first bought|newly acquired"),
        *_w("count_grain", "month", r"(?:几|多少)个月(?!内)", "how many months"),
        *_w("count_grain", "quarter", r"(?:几|多少)个季度", "how many quarters"),
        *_w("count_grain", "week", r"(?:几|多少)周", "how many weeks"),
        *_w("count_grain", "day", r"(?:几|多少)天", "how many days"),
        *_w("count_grain", "year", r"(?:几|多少)年", "how many years"),
        *_w("grain_noun", "month", r"月份|月(?=是|$|[？?])|(?<=的)月", "months?"),
        *_w("grain_noun", "quarter", r"季度", "quarters?"),
        *_w("grain_noun", "year", r"年份|(?<=的)年", "years?"),
        *_w("grain_noun", "week", r"(?<=的)周", "weeks?"),
        *_w("grain_noun", "day", r"(?<=的)(?:一)?天", "days?"),
        *_w("attainment", "", r"完成了?(?:百分之)?(?:多少|几成)|完成(?:情况|进度|度)|达成(?:情况|进度|了?多少)|进度", "how much of (?:the|our|its|their|his|her) (?=target|quota|goal|sales target|payment target)|progress (?:against|towards?|on)"),
        *_w("verb", "opportunities", r"新建|创建", "created|opened"),
        *_w("verb", "payment_amount", r"收到|收回|到账", "collected|received|paid"),
        *_w("verb", "mdf_claimed", r"申请了?", "claimed"),
        *_w("verb", "deal_registrations", r"提交了?", "submitted|registered|filed"),
        *_w("verb", "activities", r"做过", "logged|recorded|held|done"),
        *_w("verb", "shipped_quantity", r"发出", "shipped|sent"),
        *_w("outcome", "won", r"赢(?:了|下来?|得|单了)?|拿下", "won|win(?:s|ning)?"),
        *_w("outcome", "lost", r"丢(?:了|掉|单了)?|输(?:了|掉)?|没赢", "lost|los(?:e|es|ing)"),
        *_w("different", "", r"不同的?|多少种|几种", "different|distinct|unique"),
        *_w("others", "", r"其他|其它|其余|别的|剩下的?|另外的", "others?|rest(?: of)?|remaining"),
        *_w("pretax", "", r"不含税|未税|税前|不计税", "before tax(?:es)?|excluding tax(?:es)?|net of tax|pre[- ]tax|without tax(?:es)?|excl\\.? tax"),
        *_w("end_of", "", r"(?<=年)[底末]|(?<=月)[底末]|(?<=季度)末|期末", "(?:at |as of |by )?the end of|(?:at )?(?:year|month|quarter)[- ]end|end of|end"),
        *_w("vague_time", "", r"最近(?!\d|[一二两三四五六七八九十半])|近期|近来", "recent(?:ly)?|lately|these days"),
        # partners that do not buy, dormancy, attainment
        *_w("dormant", "", r"沉睡|休眠|不活跃|未下单超过|没(?:有)?下单超过|没(?:有)?动静", "dormant|inactive|sleeping|gone quiet|lapsed"),
        *_w("no_orders", "", r"一(?:张|笔)?单(?:都|也)?(?:没有?|未)下?过?|(?:没有?|未|从未|零)(?:任何|产生)?(?:下过?单|下过?订单|订单|订货|采购过?|进货|买过?|购买过?|成交|交易|销售|任何订单|产生(?:销售|订单))(?:过|的)?", "(?:did not|didn't|have not|haven't|has not|hasn't|never|not|don't|do not|does not|doesn't) (?:order(?:ed)?|buy|bought|purchas(?:e|ed)|place(?:d)?(?: any| an)? orders?|made? any purchases?|sold? anything|buy anything|bought anything|order(?:ed)? anything|placed anything|sell)|(?:with(?:out)?|had|have|has|having|with) (?:no|any|zero) (?:orders?|sales|purchases?)|placed? no orders?(?: at all)?|(?:bought|ordered|purchased) nothing(?: at all)?|no orders|zero orders|no sales|zero sales|no purchases|without (?:orders|sales|purchases|buying|ordering)"),
        *_w("bought", "", r"下过?单(?:过)?|下了(?=单|多少|几)|订货|采购|进货|购买|买过?了?|成交|卖(?:出去?|掉|给)?了?|销了|做(?:了(?:多少)?)?(?:的)?生意|做了|拿了|签(?:了|下|约)(?!额|金)", "bought|buy|buys|buying|purchased?|purchases|order(?:ed)?(?=\\s)|sold|sell|sells|selling|spent|spend|spending|generated?|bring(?:s)? in|brought in|bring|t[ao]ke|took|charged?|something|anything|handled?|terms|left|made|make|did(?= .* do)|earned|placed|place"),
        *_w("attained_verb", "lt", "miss(?:ed|es|ing)?|fell short of|failed"),
        *_w("attained_verb", "ge", "hit|met|meet|beat|achieved?|exceed(?:ed)?"),
        *_w("active_word", "", r"活跃的?", "active"),
        *_w("attained", "ge", r"(?:已经?)?(?:达标|达成目标|完成目标|完成任务|超额完成|达到目标)", r"(?:hit|met|meet|reach(?:ed)?|achieved?|beat|exceed(?:ed)?|made) (?:their |the |its |his |her )?(?:sales |own )*(?:targets?|quotas?|goals?)|on target|above (?:target|quota)"),
        *_w("attained", "lt", r"(?:未|没有?|不)(?:完成(?:了)?(?:销售|回款)?(?:目标|任务|指标)|达标|达成目标|完成目标|完成任务|达到目标|达成)", r"(?:miss(?:ed|es|ing)?|fell short of|below|under|behind|short of|failed to (?:hit|meet|reach)|(?:did not|didn't|not) (?:hit|met|meet|reach(?:ed)?|make)) (?:their |the |its |his |her )?(?:sales |own )*(?:targets?|quotas?|goals?)|off target|below quota"),
        *_w("comparative", "desc", r"(?<=[率额量数利价得单])(?:高|低|多|少)(?![于过到出])|更高|更多|更大|更好|更强|更快|更优|高一些|多一些|高还是低", "more|higher|better|greater|bigger|larger|faster|stronger|ahead|did best"),
        *_w("comparative", "desc", "bought more|sold more"),
        *_w("comparative", "asc", r"更低|更少|更小|更差|更慢|更弱", "less|lower|fewer|smaller|worse|slower|weaker|behind"),
        # conversation
        *_w("follow", "", r"那么?(?=.)|呢|换成|改成|改为|换为|改看|只看|仅看|仅|只(?=[看要算])|限定(?:在|于|为)?|限于|仅限|如果是|要是|同样|接着|继续|然后", "what about|how about|limit(?:ed)?(?: it| this| that)? to|restrict(?:ed)?(?: it| this| that)? to|narrow(?: it)?(?: down)? to|and(?= (?:for|in|by|what|how|the|only|last|this|q[1-4]|20|without|excluding))|instead|only|just|same|now|then|switch to|change to|change it to|make (?:it|that)|show (?:it|that|this)|in that case"),
        *_w("handle", "these", r"(?:这|那|上面|上述|以上|前面)(?:的)?(?P<n>\d{1,3}|[一二两三四五六七八九十]+)(?:个|家|款|种|位|名|类|大)?|这些|那些|上述|他们|它们|她们|其中|上面的?|这几个?家?|那几个?家?|这批", rf"(?:these|those|all)(?: top)? {_N}(?: of them)?(?![a-z0-9])|these|those|them|they|their|the above|of those|of these|among them|among those"),
        *_w("handle", "first", r"第一名(?=的|是|呢)|榜首|头名|排第一的(?:那个|那家)?|这个?(?:伙伴|产品|大区|区域)|它(?!们)|该(?:伙伴|产品|大区|区域)", "the (?:first|top|leading|best|winning) one|the winner|the leader|that (?:one|partner|reseller|region|product)|this (?:one|partner|reseller|product)|its?(?= )"),
        # fillers that may be ignored
        *_w("stop", "", r"你好|您好|请问|请|帮我|帮忙|麻烦|给我|给|我想(?:知道|看看?|了解|问)?|想(?:知道|看看?|了解|问)|能不能|能否|可以|可否|查一下|查询|查看|查下|看一下|看看|看下|查查|列出来?|列一下|列表|展示|显示|统计一下|统计|告诉我?|说说|说一下|一下子?|我们的?|咱们|本公司|我司|我|你|的话|的|地|得|了|是(?:不是|否)?|有没有|有(?!关)|在|于|吗|吧|啊|呀|哦|嘛|分别|各自|到底|究竟|大概|大约|具体|数据|数字|数值|情况|表现|怎么样|如何|怎样|咋样|都|里面?|中(?!国)|内|其|被|把|对于?|关于|针对|所|这段时间|期间|时间|来自|位于|属于|来看|看|来|达到?|为|从|由|让|则|时候?|之间|之中|当中|和|它|过|做|个|家|些|名|位|款|类|下|上面|以|到|向|给出|谢谢|您|用|几何|地区的|目前为止|到目前|目前|当前|现在|产生|带来|实现|完成了?|发生|同类|部分|这样|以内|实际|可|能|会|要|哪里|仅有|公司|这(?:家|个|些|款|种|类)?|面|拆(?:一下)?|拉(?:一下|取)?|掉|诶|呗|哎|唉|嘛|那边|这边|当天|还剩|总数|手下的?|当日|单个|单一|如果|三种|种|带的?|每次|好|排|请问|张|底下|自|者|所有的|次数|个?项目|团队|次|上(?![个半月周季年一])"),
        *_w("stop", "", "at present|please|pls|plz|quick(?: one)?|money|single|often|highest first|lowest last|up to|check(?: out)?|show(?: me)?|list|give(?: me)?|tell(?: me)?|display|find|get|fetch|see|look at|let me|let's|let us|can you|could you|would you|i want|i'd like|i need|want|need|to know|know|me|my|i|we|our|ours|you|your|the|a|an|of|for|in|on|at|to|from|with|as|is|are|was|were|be|been|being|am|do|does|did|have|has|had|having|there|here|it|its|this|that|these(?= days)|what|how|who|where|when|so|well|hi|hello|hey|thanks|thank you|please|currently|at present|right now|at the moment|so far|data|figures?|numbers?|values?|amounts? of|list of|names?|name of|terms of|in terms of|basis|during|over|within|into|through|regarding|concerning|about|respectively|respective|whose|that's|period|time|ok|okay|exactly|actual|actually|really|current|come(?:s)?|came|coming|located|based|if|compute|calculate|report|results?|performance|perform(?:ed|ing)?|doing|look(?:s|ed)? like|looking|view|overview|summary|summari[sz]e|each other|among|between|up to now|get(?:ting)?|got|made|given|under|via|using|went to|go to|goes to|break(?= .*down)|people|charged|(?:gave|give|given) away|team|for each other|each of|two of|also shown|respectively|could|can|would|many|much|some|any|one|ones|world|worth|value|happen(?:ed)?|went|going|go|business|company|own|out|were there|been made|'s|s"),
        *_w("stop", "", r"[,，。.?？!！;；:：、\"'()（）\[\]{}/\\\-~…]+"),
        # what needs another tool than the query (`intents/`), and what no tool here computes
        *_w("tool", "forecast", r"预测|预计|预估|预期|展望|将会?(?=达|是|有)|未来", "forecast(?:s|ed|ing)?|predict(?:s|ed|ion|ions|ing)?|project(?:ed|ion|ions)|outlook|expected|will (?:we|sales|revenue|it|they|be)|going to be|in the future|estimate for"),
        *_w("tool", "why", r"为什么|为何|为啥|什么原因|原因|归因|怎么回事|怎么会|何故|导致", "why|reasons?(?: for| behind)?|what caused|what drove|root cause|drivers? of|explain why|because of what|due to what"),
        *_w("beyond", "advice", r"建议|应该|该怎么|怎么办|如何提升|怎样提高|推荐", "recommend(?:ation|ations)?|should (?:we|i)|advice|advise|suggest(?:ion|ions)?|what to do|how (?:can|do) we improve|how to improve"),
        *_w("beyond", "incentive", r"返利|奖金|奖励|激励|下一档|提成|佣金", "rebates?|bonus(?:es)?|incentives?|rewards?|commission|payouts?|next tier"),
        *_w("beyond", "alert", r"预警|告警|警报", "alerts?|warnings?"),
        *_w("tool", "risk", r"风险", "at risk|risk"),
        *_w("beyond", "weekday", r"星期几|周几|礼拜几|工作日|周末", "days? of (?:the )?week|weekdays?|weekends?|hour of (?:the )?day"),
        *_w("tool", "segment", r"分群|聚类|相似|健康度|流失", "segments?|cluster(?:s|ing)?|similar(?: to)?|health score|churn(?:ed|ing)?"),
        # questions about the answer or the product itself
        *_w("meta", "how_computed", r"(?:这个|这些|该|上面的?|刚才的?)?(?:数|数字|数据|结果|指标|值)?(?:是)?(?:怎么|如何|怎样)(?:算|计算|得|统计|来|得出)(?:出来?)?的?|计算(?:方式|方法|逻辑|口径|公式)|口径(?:是什么|说明)?|怎么定义|如何定义|定义是什么|(?:的)?定义|是什么意思|什么意思|什么叫|含义", "how (?:was|were|is|are|did you|do you) (?:this|that|it|these|those|the (?:figures?|numbers?|results?|answer)|you)?\\s*(?:figures?|numbers?|results?|answer)?\\s*(?:comput(?:e|ed)|calculat(?:e|ed)|get|got|derived?|arrive[d]?(?: at)?|defined?|worked out|come from|came from)(?: (?:this|that|it))?|how (?:is|are) (?=.* (?:defined|calculated|computed))|calculated|computed|defined|definition(?: of)?|what does .{0,0}|mean(?:s|ing)?(?= *\\??$)|methodology|formula|where (?:does|did|do) (?:this|that|it|these) (?:figures?|numbers?)?\\s*come from|explain (?:this|that|the) (?:figure|number|result|calculation)"),
        *_w("meta", "as_of", r"(?:数据)?(?:是)?(?:截至|截止|更新到?|最新到?)(?:到)?(?:哪一?天|什么时候|何时|几号|什么日期|哪个?日期|时间)(?:的)?|数据(?:的)?(?:更新|截止|截至)(?:时间|日期)|数据(?:是)?到(?:哪一?天|什么时候|几号|何时)|最新(?:的)?数据(?:是)?(?:什么时候|哪天|几号)|数据(?:有多新|新鲜度|日期)|数据是(?:什么时候|哪天)的", "as of (?:when|what date|which date)|(?:what|which) (?:date|day) (?:is|does|are) (?:the|this|your) data.{0,20}|how (?:fresh|recent|current|up[- ]to[- ]date|old) (?:is|are) (?:the|this|your|these) (?:data|figures?|numbers?)|when (?:was|were) (?:the|this) data (?:last )?(?:updated|refreshed|loaded)|data (?:freshness|as[- ]of(?: date)?)|latest data|last updated?|(?:what is|what's) the (?:as[- ]of date|latest date|data date|most recent date)(?: (?:of|in) the data)?|(?:up to|until) (?:what|which) date|what is the date of the data"),
        *_w("meta", "help", r"(?:我)?(?:可以|能)(?:问|查|做|干)(?:你)?(?:些)?(?:什么|啥|哪些)(?:问题)?|你(?:能|会|可以)(?:做|干|回答|查)?(?:些)?(?:什么|啥|哪些问题)|怎么用|使用说明|有哪些(?:指标|数据|维度)|支持(?:哪些|什么)(?:问题|指标|维度)?|能帮我(?:做|查)?什么|帮助|有什么功能", "what can (?:i|you|we) (?:ask|do|answer|query|help(?: me)? with)(?: you)?(?: about)?|what (?:questions|metrics|kpis|measures|dimensions|data) (?:can|do|are|is)(?: (?:i|you|we|there|available))?(?: (?:ask|have|support|know|available))?|help(?: me)?|how (?:do i|to|can i) use (?:this|you|it)|what do you know|capabilities"),
)  # fmt: skip
