/* link.h - what the server asks of a connection; everybody else uses connection.h. */
#ifndef HAL_SIM_SERVER_LINK_H
#define HAL_SIM_SERVER_LINK_H
#include "hal/sim/server/server.h"

void connection_open(struct server *server, struct connection *connection);
void connection_receive(struct server *server, struct connection *connection, const char *bytes, size_t count);
/* Time has passed. */
void connection_turn(struct server *server, struct connection *connection);

#endif
