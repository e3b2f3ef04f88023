"""What happened in the Kazakhstani school. Classes «А» are taught in Kazakh, so their stories are told in Kazakh."""

# fmt: off

from .story import council, leaver, paper, same, signal, step, story, student, task

PLACE = (
    "Поставить на внутришкольный учёт сроком на {months} мес., "
    "утвердить индивидуальный план профилактической работы."
)
PLACE_KK = "Мектепішілік есепке {months} айға алынсын, профилактикалық жұмыстың жеке жоспары бекітілсін."
EXTEND = "Продлить срок индивидуальной профилактической работы на {months} мес."
EXTEND_KK = "Жеке профилактикалық жұмыс мерзімі {months} айға ұзартылсын."
REMOVE = "Снять с внутришкольного учёта на основании положительной характеристики."
REMOVE_KK = "Оң мінездеме негізінде мектепішілік есептен шығарылсын."


def heard(*, hearing="d8", papers="d3", late=False):
    """The deputy head accepts and submits; the papers are there three days before the council, or late."""
    return (
        step("accept", "w1"),
        step("send"),
        step("hearing", plan=hearing),
        step("papers", "hearing-1" if late else papers, stage="hearing"),
    )


def placed(months, text, curator="class_teacher"):
    """The council places on its day for so many months."""
    return council("hearing", "4.place", text, months=months, curator=curator)


def removed(propose, when, text, reason="19.1", rating="positive"):
    """The removal is proposed, its papers come, the council decides."""
    return (
        step("propose", propose, reason=reason),
        step("papers", "w2", stage="removal", rating=rating),
        council(when, "19.remove", text, reason=reason),
    )


STORIES = (
    # -- last school year -------------------------------------------------------------------------------------------
    story(
        "absence_extended",
        student("male", 9, letter="Б"),
        signal(
            "10-02", "appeal", "4", "18.5",
            "За сентябрь пропустил без уважительной причины 38 уроков, уходит после третьего урока. Мать узнала от "
            "учителя.",
            "Беседы 11, 18 и 25 сентября, ежедневный контроль посещаемости, встреча с матерью.",
        ),
        *heard(),
        placed(3, PLACE),
        step("informed", "w2"),
        council("01-12", "16.extend", EXTEND, months=3),
        *removed("04-03", "04-10", REMOVE),
    ),
    story(
        "failure_kk",
        student("female", 8, letter="А"),
        signal(
            "11-03", "appeal", "4", "18.1",
            "Бірінші тоқсан қорытындысы бойынша үш пәннен үлгермейді, үй тапсырмасын орындамайды, тақтаға шықпайды.",
            "Қосымша сабақ кестесі жасалды, анасымен екі рет кездесу өтті, психологтың кеңесі берілді.",
        ),
        *heard(hearing="d9"),
        placed(6, PLACE_KK),
        step("informed", "w1"),
        *removed("04-28", "05-05", REMOVE_KK),
    ),
    story(
        "offence_graduated",
        leaver("graduated"),
        paper(
            "12-08", "4.notice", "18.6", "police", "outside_paper", "5-12/887",
            "Информация ювенальной полиции: составлен протокол по ст. 434 КоАП РК (мелкое хулиганство).",
            dated=4,
        ),
        *heard(hearing="d7"),
        placed(5, PLACE, curator="social"),
        step("informed", "w1"),
        *removed("05-11", "05-20", "Снять с внутришкольного учёта в связи с завершением обучения в школе.",
            reason="19.graduation"),
    ),
    story(
        "rules_first",
        student("male", 8, letter="Б"),
        signal(
            "10-13", "appeal", "4", "18.4",
            "Два нарушения Правил внутреннего распорядка за месяц: драка в раздевалке, порча огнетушителя.",
            "Беседы классного руководителя, возмещение ущерба, встреча с отцом.",
        ),
        *heard(),
        placed(3, PLACE),
        step("informed", "w1"),
        *removed("01-15", "01-22", REMOVE),
    ),
    story(
        "family_moved",
        leaver("moved"),
        signal(
            "02-10", "appeal", "4", "18.2",
            "Родители в ссоре, ребёнок живёт то у матери, то у тёти, приходит без учебников и завтрака.",
            "Посещение семьи, помощь из фонда всеобуча: горячее питание и обувь.",
            by="social",
        ),
        *heard(hearing="d6"),
        placed(3, PLACE, curator="social"),
        step("informed", "w2"),
        *removed("04-16", "04-22", "Снять с учёта в связи с переездом семьи в другую область.", reason="19.2"),
    ),
    story(
        "wrong_class",
        student("female", 7, letter="Б"),
        signal(
            "02-24", "appeal", "4", "18.5",
            "Отмечено 26 пропусков за две недели.",
            "Звонки родителям без ответа.",
        ),
        *heard(hearing="d9"),
        placed(3, PLACE),
        step("annul", "w8", reason="Ошибочная запись: пропуски отмечены в журнале другой параллели, ученица "
            "болела, справка есть."),
    ),
    story(
        "vape_kk",
        student("male", 10, letter="А"),
        signal(
            "11-18", "appeal", "4", "18.7",
            "Мектеп ауласында электронды темекі шегіп тұрған жерінен ұсталды, сөмкесінен тағы бір құрылғы табылды.",
            "Ата-анасымен әңгіме, нарколог дәрігердің сынып сағаты, түсініктеме хат алынды.",
            by="subject",
        ),
        *heard(hearing="d9"),
        placed(3, PLACE_KK, curator="psych"),
        step("informed", "w2"),
        council("02-24", "16.extend", EXTEND_KK, months=3),
        council("05-20", "16.extend", EXTEND_KK, months=3),
        *removed(52, 40, REMOVE_KK),
    ),
    story(
        "declined_last_year",
        student("female", 6),
        signal(
            "11-24", "appeal", "4", "18.1",
            "Әдебиеттік оқу мен математикадан бағасы төмендеді, сабақта көңілі басқа жақта.",
            "Анасымен әңгіме, мұғаліммен қосымша жұмыс.",
        ),
        step("accept", "w1"),
        step("send"),
        step("hearing", plan="d8"),
        council("hearing", "4.decline", "Есепке алудан бас тартылсын: оқушы ауырып шыққан, қосымша сабақ жеткілікті."),
    ),
    # -- stays that go on -------------------------------------------------------------------------------------------
    story(
        "rules_again",
        same("rules_first"),
        signal(
            44, "appeal", "4", "18.4",
            "После снятия с учёта вновь драка на перемене и нецензурная брань в адрес дежурного учителя.",
            "Беседы, письменное обязательство, встреча с отцом и школьным инспектором.",
        ),
        *heard(hearing="d7"),
        placed(4, "Поставить на учёт повторно. " + PLACE),
        step("informed", "w2"),
    ),
    story(
        "running",
        student("male", 7, letter="Б"),
        signal(
            70, "appeal", "4", "18.4",
            "Систематически опаздывает на первый урок, на уроках выкрикивает, сорвал лабораторную работу по физике.",
            "Дневник поведения, встреча с родителями, пересадка за первую парту.",
            by="subject",
        ),
        *heard(hearing="d8"),
        placed(3, PLACE),
        step("informed", "w1"),
    ),
    story(
        "expiring",
        student("female", 9, letter="Б"),
        signal(
            "end", "appeal", "4", "18.5",
            "Пропустила 31 урок за три недели, говорит родителям, что занятий нет.",
            "Ежедневные сообщения матери, посещение на дому, график отработки.",
        ),
        *heard(hearing="d8"),
        placed("auto", PLACE, curator="social"),
        step("informed", "w1"),
        step("join", 20, text="Снова не была на первых двух уроках.", by="english"),
        end=9,
    ),
    story(
        "over_undecided_kk",
        student("male", 8, letter="А"),
        signal(
            "end", "appeal", "4", "18.4",
            "Мектептің ішкі тәртіп ережесін бірнеше рет бұзды: төбелес, сабақтан өз бетімен кетіп қалу.",
            "Сынып жетекшісінің үш әңгімесі, әкесімен кездесу, психологтың бақылауы.",
        ),
        *heard(hearing="d8"),
        placed("auto", PLACE_KK),
        step("informed", "w2"),
        end=-14,
    ),
    story(
        "over_long",
        student("male", 10),
        signal(
            "end", "appeal", "4", "18.1",
            "Шесть неудовлетворительных оценок за четверть, пять пробных работ не сданы.",
            "Дополнительный график занятий, сроки сдачи задолженностей, беседа с матерью.",
        ),
        *heard(hearing="d10"),
        placed("auto", PLACE),
        step("informed", "w1"),
        end=-9,
    ),
    story(
        "extended_once",
        student("female", 10),
        signal(
            "end", "appeal", "4", "18.2",
            "Отец уехал на вахту, мать в больнице, девочка ведёт хозяйство и пропускает занятия.",
            "Посещение семьи, помощь фонда всеобуча, связь с родственниками.",
            by="psych",
        ),
        *heard(hearing="d9"),
        placed("auto", PLACE, curator="psych"),
        step("informed", "w2"),
        council("term-6", "16.extend", EXTEND, months="auto"),
        end=10,
    ),
    story(
        "extended_twice_kk",
        student("male", 9, letter="А"),
        signal(
            202, "appeal", "4", "18.5",
            "Сабаққа дәлелсіз себептермен жүйелі түрде қатыспайды: ай ішінде 42 сағат жіберген.",
            "Үйіне бару, ата-анасына хабарлама, сабаққа қатысуын күнделікті бақылау.",
        ),
        *heard(hearing="d8"),
        placed(3, PLACE_KK),
        step("informed", "w1"),
        council("term-6", "16.extend", EXTEND_KK, months=3),
        council("term-5", "16.extend", EXTEND_KK, months=6),
    ),
    story(
        "proposed_waits",
        student("male", 6),
        signal(
            "end", "appeal", "4", "18.4",
            "Бір айда үш рет төбелесті, сыныптастарының заттарын бүлдірді.",
            "Сынып жетекшісінің әңгімелері, ата-анасы шақырылды, психологтың тобына тартылды.",
        ),
        *heard(hearing="d9"),
        placed("auto", PLACE_KK, curator="psych"),
        step("informed", "w1"),
        step("propose", 5, reason="19.1"),
        end=25,
    ),
    story(
        "proposed_ready",
        student("female", 8, letter="Б"),
        signal(
            "end", "appeal", "4", "18.7",
            "Обнаружена с вейпом в туалете, признала, что курит полгода.",
            "Беседа с матерью, лекция нарколога, консультация психолога.",
            by="subject",
        ),
        *heard(hearing="d8", late=True),
        placed("auto", PLACE, curator="psych"),
        step("informed", "w2"),
        step("propose", 8, reason="19.1"),
        step("papers", "w2", stage="removal", rating="positive"),
        end=12,
    ),
    story(
        "kept",
        student("male", 9, letter="Б"),
        signal(
            "end", "appeal", "4", "18.4",
            "Разбил стекло в спортзале, грубил техническому персоналу.",
            "Родители возместили ущерб, беседы, общественные работы в школе.",
        ),
        *heard(hearing="d7"),
        placed("auto", PLACE),
        step("informed", "w1"),
        step("propose", 33, reason="19.1"),
        step("papers", "w1", stage="removal", rating="negative"),
        council("w4", "19.keep", "В снятии с учёта отказать: характеристика классного руководителя отрицательная."),
        end=42,
    ),
    story(
        "police_notice",
        student("male", 10),
        paper(
            46, "4.notice", "18.6", "police", "outside_paper", "5-12/1034",
            "Сообщение ювенальной полиции: протокол по ст. 440 КоАП РК, распитие спиртного в парке. Школе даны "
            "поручения.",
            dated=4,
            tasks=(
                task("Рассмотреть на Совете профилактики и сообщить результат", "deputy", 14, 11,
                    "Рассмотрен, ответ направлен."),
                task("Провести беседу с родителями об ответственности", "class_teacher", 7, 12,
                    "Беседа проведена, расписка есть."),
                task("Обеспечить занятость во внеурочное время", "social", 35),
                task("Представить характеристику к заседанию комиссии", "class_teacher", 60),
            ),
        ),
        *heard(hearing="d8"),
        placed(4, PLACE, curator="social"),
        step("informed", "w2"),
    ),
    story(
        "mother_asks",
        student("male", 8, letter="Б"),
        signal(
            30, "application", "4.application", "18.4",
            "Заявление матери: сын не слушается, уходит из дома до ночи, просит школу помочь и взять на учёт.",
            "Встреча с психологом, предложены секции.",
            by="social",
        ),
        *heard(hearing="d7"),
        placed(3, PLACE, curator="social"),
        step("informed", "w1"),
        step("correct", "d4", field="curator", value="Оразбаева Әсел Маратқызы, социальный педагог",
             reason="Не указана должность куратора."),
    ),
    story(
        "attendance_warning",
        student("female", 7, letter="Б"),
        signal(
            84, "automatic", "4.automatic", "18.5",
            "По электронному журналу: 27 пропусков без уважительной причины за месяц.",
            "Звонки родителям, уведомление вручено под подпись.",
            by="social",
        ),
        *heard(hearing="d9"),
        placed(6, PLACE),
        step("informed", "w3"),
    ),
    story(
        "neglect",
        student("male", 5, letter="Б"),
        paper(
            24, "4.notice", "18.3", "guardianship", "outside_paper", "03-4/512",
            "Отдел образования (опека): ребёнок попрошайничал у рынка, мать в розыске по алиментам, живёт с бабушкой.",
            dated=3,
        ),
        *heard(hearing="d7", papers="d3"),
        placed(6, PLACE, curator="social"),
        step("informed", "w1"),
    ),
    story(
        "vape_girl_kk",
        student("female", 9, letter="А"),
        signal(
            51, "appeal", "4", "18.7",
            "Үзілісте электронды темекі шеккені бейнебақылаудан көрінді, құрбыларына да ұсынған.",
            "Анасымен әңгіме, психолог пен медицина қызметкерінің түсіндіру жұмысы.",
            by="subject",
        ),
        *heard(hearing="d8", late=True),
        placed(4, PLACE_KK, curator="psych"),
        step("informed", "w1"),
    ),
    # -- stays that have ended this year ------------------------------------------------------------------------------
    story(
        "went_to_other_school_kk",
        student("male", 7, letter="А"),
        signal(
            110, "appeal", "4", "18.1",
            "Тоқсан бойынша төрт пәннен үлгермейді, сабаққа дайындықсыз келеді.",
            "Қосымша сабақтар, қарыздарын тапсыру мерзімі белгіленді, ата-анасымен жұмыс.",
        ),
        *heard(hearing="d9"),
        placed(6, PLACE_KK),
        step("informed", "w1"),
        step("leave", 15, reason="other_school"),
        *removed("w1", 10, "Басқа мектепке ауысуына байланысты есептен шығарылсын.", reason="19.3"),
    ),
    story(
        "removed_in_time",
        student("female", 11),
        signal(
            140, "appeal", "4", "18.2",
            "После смерти отца перестала готовиться к занятиям, много пропусков, дома тяжёлая обстановка.",
            "Посещение семьи, психолог, помощь фонда всеобуча.",
            by="psych",
        ),
        *heard(hearing="d8"),
        placed(5, PLACE, curator="psych"),
        step("informed", "w1"),
        *removed(20, 13, REMOVE),
    ),
    story(
        "removed_late",
        student("male", 5, letter="А"),
        signal(
            "end", "appeal", "4", "18.3",
            "Кешкі сағат оннан кейін көшеде жалғыз жүреді, ата-анасы түнгі ауысымда жұмыс істейді.",
            "Отбасына бару, әжесімен келісім, ұзартылған күн тобына тарту.",
            by="social",
        ),
        *heard(hearing="d8"),
        placed("auto", PLACE_KK, curator="social"),
        step("informed", "w1"),
        *removed(18, 9, REMOVE_KK),
        end=-16,
    ),
    story(
        "removed_other",
        student("male", 11),
        signal(
            155, "appeal", "4", "18.4",
            "Дважды нарушил Устав школы: принёс в школу петарды, снимал учителя на видео.",
            "Беседы, встреча с родителями, видео удалено.",
        ),
        *heard(hearing="d8"),
        placed(3, PLACE),
        step("informed", "w2"),
        *removed(68, 60, "Снять с учёта: переведён на домашнее обучение по состоянию здоровья.", reason="19.other"),
    ),
    # -- not placed ---------------------------------------------------------------------------------------------------
    story(
        "watched",
        student("female", 8, letter="А"),
        signal(
            38, "appeal", "4", "18.2",
            "Ата-анасы ажырасқаннан кейін тұйықталып қалды, сабақта жылайды.",
            "Психологтың екі кеңесі, анасымен әңгіме.",
            by="psych",
        ),
        *heard(hearing="d7"),
        council("hearing", "4.watch", "Есепке алынбасын, оқушыны сынып жетекшісі бақылайтын болсын.",
                curator="class_teacher", until=50),
    ),
    story(
        "watch_ended",
        student("male", 6),
        signal(
            99, "appeal", "4", "18.5",
            "Бір аптада алты сабақ босатты, ойын клубында отырған.",
            "Ата-анасымен әңгіме, күнделікті бақылау.",
        ),
        *heard(hearing="d7"),
        council("hearing", "4.watch", "Есепке алынбасын, бақылау сынып жетекшісіне жүктелсін.", curator="class_teacher",
            until=-1),
        step("end_watch", 0, result="Сабақ босату жоқ, футбол үйірмесіне қатысады. Бақылау аяқталды."),
    ),
    story(
        "declined",
        student("male", 7, letter="А"),
        signal(
            33, "appeal", "4", "18.4",
            "Шыныны кездейсоқ сындырып алды, кешірім сұрады.",
            "Ата-анасы шығынды өтеді.",
            by="subject",
        ),
        step("accept", "w1"),
        step("send"),
        step("hearing", plan="d8"),
        council("hearing", "4.decline", "Есепке алуға негіз жоқ, әңгімелесумен шектелсін."),
    ),
    # -- on the way to the council -----------------------------------------------------------------------------------
    story(
        "papers_due",
        student("female", 10),
        signal(
            6, "appeal", "4", "18.5",
            "Пропускает первые уроки, по словам матери, подрабатывает в ночном магазине.",
            "Беседа с матерью и ученицей.",
        ),
        step("accept", "w1"),
        step("send"),
        step("hearing", plan="in7"),
    ),
    story(
        "papers_overdue",
        student("male", 9, letter="Б"),
        signal(
            9, "appeal", "4", "18.4",
            "Избил семиклассника за школой, видео попало в чат класса.",
            "Объяснительные, вызов родителей обоих, сообщено в полицию.",
            by="deputy",
        ),
        step("accept"),
        step("send"),
        step("hearing", plan="in2"),
        step("some_papers", "w2"),
    ),
    story(
        "hearing_moved",
        student("male", 8, letter="А"),
        signal(
            8, "appeal", "4", "18.7",
            "Сабаққа темекі исі шығып келеді, дене шынықтыру киім ілгішінен темекі табылды.",
            "Әкесімен әңгіме, медбикенің түсіндіру жұмысы.",
            by="subject",
        ),
        step("accept", "w1"),
        step("send"),
        step("hearing", plan="in4"),
        step("hearing", "w1", plan="in10"),
    ),
    story(
        "papers_ready",
        student("female", 9, letter="Б"),
        signal(
            7, "appeal", "4", "18.1",
            "Не аттестована по физике, химии и геометрии, от дополнительных занятий отказывается.",
            "График занятий, встреча с родителями.",
        ),
        step("accept", "w1"),
        step("send"),
        step("hearing", plan="in6"),
        step("papers", "w1", stage="hearing"),
    ),
    story(
        "draft",
        student("male", 5, letter="Б"),
        signal(
            3, "appeal", "4", "18.4",
            "Постоянно дерётся, ударил одноклассницу пеналом по лицу.",
            "Беседа с родителями, извинения.",
        ),
        step("accept"),
    ),
    story(
        "draft_notice",
        student("female", 11),
        paper(
            4, "4.notice", "18.6", "police", "outside_paper", "5-12/1102",
            "Сообщение ювенальной полиции: нахождение в развлекательном заведении в ночное время без взрослых (ст. "
            "442 КоАП РК).",
            dated=3,
            tasks=(task("Рассмотреть и сообщить о принятых мерах", "deputy", 10),),
        ),
        step("accept"),
    ),
    # -- signals that led to no case, or not yet ---------------------------------------------------------------------
    story(
        "dismissed",
        student("male", 4),
        signal(
            40, "appeal", "4", "18.4",
            "Бегает на переменах, разбил цветочный горшок.",
            "Замечание.",
            by="music",
        ),
        step("dismiss", "w2",
            reason="Единичный случай, с ребёнком и родителями проведена беседа. Оснований по пункту 18 нет."),
    ),
    story(
        "dismissed_kk",
        student("female", 10),
        signal(
            15, "appeal", "4", "18.1",
            "Бір бақылау жұмысынан нашар баға алды.",
            "",
            by="english",
        ),
        step("dismiss", "w1", reason="Тоқсандық бағасы жақсы, бір баға есепке алуға негіз болмайды."),
    ),
    story(
        "new_appeal",
        student("male", 7, letter="Б"),
        signal(
            2, "appeal", "4", "18.5",
            "Третью неделю нет на первом уроке, родители трубку не берут.",
            "Звонил трижды.",
            by="subject",
        ),
    ),
    story(
        "new_appeal_kk",
        student("female", 6),
        signal(
            1, "appeal", "4", None,
            "Қолында көгерген жерлері бар, себебін айтпайды.",
            "Психологқа жіберілді.",
        ),
    ),
    story(
        "new_notice",
        student("male", 9, letter="А"),
        paper(
            1, "4.notice", "18.6", "police", "outside_paper", "5-12/1119",
            "Ювеналды полицияның хабарламасы: ӘҚБтК 434-бабы бойынша хаттама толтырылды.",
            dated=2,
            tasks=(task("Кеңесте қарап, нәтижесін хабарлау", "deputy", 14),),
        ),
    ),
    story(
        "new_application",
        student("female", 7, letter="А"),
        signal(
            2, "application", "4.application", "18.1",
            "Анасының өтініші: қызым сабаққа барғысы келмейді, көмектесуді сұраймын.",
            "",
            by="social",
        ),
    ),
    story(
        "new_automatic",
        student("male", 10),
        signal(
            1, "automatic", "4.automatic", "18.5",
            "По электронному журналу: 12 пропусков за неделю, причина не указана.",
            "",
            by="social",
        ),
    ),
    # -- records that go to another school -----------------------------------------------------------------------------
    story(
        "record_received",
        leaver("other_school", (6, "Б")),
        signal(
            "10-09", "appeal", "4", "18.5",
            "За сентябрь и начало октября 26 пропусков без уважительной причины, на звонки родители не отвечают.",
            "Посещение на дому с классным руководителем, беседа с бабушкой, у которой живёт ученик.",
        ),
        *heard(hearing="d9"),
        placed(6, PLACE, curator="social"),
        step("informed", "w1"),
        *removed("03-02", "03-10", "Снять с учёта: переведён в другую организацию образования.", reason="19.3"),
    ),
    story(
        "record_refused",
        leaver("other_school", (7, "А")),
        signal(
            "10-20", "appeal", "4", "18.4",
            "Неоднократно срывал уроки, устроил драку в столовой, к замечаниям относится с вызовом.",
            "Беседы классного руководителя и завуча, разбор на родительском собрании с согласия матери.",
        ),
        *heard(hearing="d8"),
        placed(3, PLACE),
        step("informed", "w1"),
        *removed("01-16", "01-23", "Снять с учёта: переведён в другую школу по месту жительства отца.", reason="19.3"),
    ),
    story(
        "record_to_send",
        student("male", 8),
        signal(
            88, "appeal", "4", "18.1",
            "По итогам четверти неуспеваемость по алгебре, физике и русскому языку.",
            "Дополнительные занятия дважды в неделю, график сдачи задолженностей.",
        ),
        *heard(hearing="d9"),
        placed(6, PLACE),
        step("informed", "w1"),
        step("leave", 8, reason="other_school"),
        *removed("w1", 4, "Снять с учёта в связи с переводом в другую школу.", reason="19.3"),
    ),
    story(
        "record_prepared",
        student("female", 6),
        signal(
            95, "appeal", "4", "18.5",
            "Бір айда дәлелсіз себептермен 22 сабақ босатқан.",
            "Ата-анасымен екі рет сөйлесу, үйіне бару.",
        ),
        *heard(hearing="d8"),
        placed(6, PLACE_KK, curator="social"),
        step("informed", "w1"),
        step("propose", 3, reason="19.3"),
    ),
)

#: stays whose reviews nobody has caught up with
NEGLECTED = ()
#: outside registers: key of the story, body, days of stay before today, reason, summons
OUTSIDE = (
    ("police_notice", "police", 48, "Распитие спиртного в парке", "Вызывался с матерью к инспектору"),
    ("neglect", "commission", 30, "Попрошайничество", ""),
    ("offence_graduated", "police", 330, "Мелкое хулиганство", ""),
    ("draft_notice", "police", 6, "Нахождение ночью в развлекательном заведении", ""),
)
BODIES = {
    "commission": "Комиссия по делам несовершеннолетних и защите их прав акимата г. Жезтау",
    "police": "Группа ювенальной полиции УП г. Жезтау",
    "court": "Специализированный межрайонный суд по делам несовершеннолетних",
    "guardianship": "Отдел образования г. Жезтау, сектор опеки",
}
SOCIAL = {
    "large": 22, "incomplete": 16, "single_mother": 9, "single_father": 2, "disabled_parents": 3, "low_income": 14,
    "disabled_child": 4, "guardianship": 4, "repeater": 1, "special_needs": 8, "registers": 5, "orphan": 2,
    "violence": 1,
    "antisocial": 2,
}
